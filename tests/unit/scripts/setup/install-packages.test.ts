import { expect, test } from 'vitest'
import { explainInstallFailure, missingPackages } from '@/scripts/setup/install-packages.mjs'

const wanted = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { version: '2.0.0' },
    'node_modules/for-another-system': { version: '3.0.0', optional: true },
  },
}

test('nothing is missing when every package has the wanted version, whatever optional ones do', () => {
  const present = {
    packages: { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0' } },
  }
  expect(missingPackages(wanted, present)).toEqual([])
})

test('an old version and an absent package are both missing', () => {
  expect(missingPackages(wanted, { packages: { 'node_modules/a': { version: '0.9.0' } } })).toEqual([
    'node_modules/a',
    'node_modules/b',
  ])
})

test('everything is missing when nothing was ever installed', () => {
  expect(missingPackages(wanted, undefined)).toEqual(['node_modules/a', 'node_modules/b'])
})

test.each([
  [127, '', 'npm was not found'],
  [1, 'npm error code ENOTFOUND', 'needs the internet once'],
  [1, 'npm error code ENOSPC', 'disk is full'],
  [1, 'npm error code EACCES', 'may not write'],
  [1, 'npm error code EUSAGE', 'does not fit package.json'],
  [1, 'something else', '`npm ci` failed'],
])('exit code %i with "%s" is explained', (exitCode, tail, sentence) => {
  expect(explainInstallFailure({ exitCode, tail })).toContain(sentence)
})
