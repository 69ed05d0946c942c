/** What worlds are asked for on the command line. */

import { expect, test } from 'vitest'
import { readWorldOptions, speaksOfWorlds } from '@/scripts/simulate/worlds/options'

test('A range of seeds is every one of them, and one seed is itself', () => {
  expect(readWorldOptions(['--seeds', '3..6', '--json'])).toMatchObject({
    ok: true,
    value: { mode: 'seeds', seeds: [3, 4, 5, 6], json: true, tellsAll: false, onPostgres: false },
  })
  expect(readWorldOptions(['--seed', '7', '--story'])).toMatchObject({
    value: { seeds: [7], tellsAll: true },
  })
})

test('Mutants get fifty worlds to be found in, unless told otherwise', () => {
  const asked = readWorldOptions(['--mutants'])
  expect(asked).toMatchObject({ ok: true, value: { mode: 'mutants' } })
  expect(asked.ok && asked.value.seeds).toHaveLength(50)
})

test.each(['6..3', 'all', '1..', '-1', '1..99999999999'])('%s is no range of seeds', (text) => {
  expect(readWorldOptions([`--seeds=${text}`])).toEqual({
    ok: false,
    error: '--seeds is a range like 1..500, or one number.',
  })
})

test.each([
  '--trace a9 --seed 3',
  '--seed 3 --days=2',
  '--raised-caps --seed 3 --json',
  '--from 2018-07-14',
  '--json',
])('A replay of a trace is not taken for worlds: %s', (line) => {
  expect(speaksOfWorlds(line.split(' '))).toBe(false)
})

test.each([
  '--seed 7 --json',
  '--seed=7',
  '--seed 3 --story',
  '--seeds=1..9',
  '--mutants --json',
  '--postgres',
])('Worlds are meant where nothing but worlds can be: %s', (line) => {
  expect(speaksOfWorlds(line.split(' '))).toBe(true)
  expect(readWorldOptions(line.split(' ')).ok).toBe(true)
})

test('A planted bug is asked for by its name, and an unknown one is told', () => {
  expect(readWorldOptions(['--seed', '2', '--mutant', 'ignore-first-seen'])).toMatchObject({
    value: { mode: 'seeds', seeds: [2], planted: 'ignore-first-seen' },
  })
  expect(readWorldOptions(['--mutant', 'nothing'])).toEqual({
    ok: false,
    error: 'No bug is called nothing; --mutants names them all.',
  })
})

test('An unknown flag is named', () => {
  expect(readWorldOptions(['--sedes', '3'])).toMatchObject({
    ok: false,
    error: expect.stringContaining('sedes'),
  })
})
