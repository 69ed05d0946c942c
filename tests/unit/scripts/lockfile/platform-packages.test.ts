import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  completeLock,
  missingPlatformPackages,
  platformEntry,
} from '@/scripts/lockfile/platform-packages.mjs'

test('the lock file of this repository names the prebuilt packages of every platform', () => {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))
  expect(missingPlatformPackages(lock), 'run `node scripts/complete-lockfile.mjs`').toEqual([])
})

const lock = {
  packages: {
    '': {},
    'node_modules/tool': {
      version: '2.0.0',
      dev: true,
      optionalDependencies: {
        '@tool/linux-x64-musl': '2.0.0',
        '@tool/darwin-arm64': '2.0.0',
        '@tool/win32-x64-msvc': '2.0.0',
      },
    },
    'node_modules/tool/node_modules/@tool/darwin-arm64': { version: '2.0.0' },
  },
}

test('a package that lies inside its parent is not missing', () => {
  expect(missingPlatformPackages(lock).map(({ name }) => name)).toEqual([
    '@tool/linux-x64-musl',
    '@tool/win32-x64-msvc',
  ])
})

test('completing fills every gap and changes nothing else', () => {
  const complete = completeLock(lock)
  expect(missingPlatformPackages(complete)).toEqual([])
  expect(complete.packages).toMatchObject(lock.packages)
  expect(completeLock(complete)).toEqual(complete)
})

test.each([
  ['@tool/linux-x64-musl', { os: ['linux'], cpu: ['x64'], libc: ['musl'] }],
  ['@tool/binding-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'], libc: ['glibc'] }],
  ['@tool/win32-arm64-msvc', { os: ['win32'], cpu: ['arm64'] }],
  ['@tool/wasm32-wasi', { cpu: ['wasm32'] }],
])('%s is offered only to its platform', (name, platform) => {
  expect(platformEntry({ name, version: '1.0.0', dev: false })).toEqual({
    version: '1.0.0',
    optional: true,
    ...platform,
  })
})
