/** What the replay is told, and one plain sentence for everything that it cannot be told. */

import { expect, test } from 'vitest'
import { readOptions } from '@/scripts/simulate/options'

test('Two days of the corridor from 14 July 2018 are what it replays unless told otherwise', () => {
  expect(readOptions([])).toMatchObject({
    ok: true,
    value: {
      trace: 'a9',
      window: { fromS: 1_531_522_800, untilS: 1_531_695_600 },
      seed: 1,
      raisedCaps: false,
      json: false,
    },
  })
})

test('Days begin at midnight in Britain', () => {
  const winter = readOptions(['--from', '2018-01-14', '--days', '1'])
  expect(winter).toMatchObject({ ok: true, value: { window: { fromS: 1_515_888_000 } } })
})

test.each([
  [['--from', '2018-02-30'], '--from'],
  [['--from', 'yesterday'], '--from'],
  [['--days', '0'], '--days'],
  [['--days', '61'], '--days'],
  [['--days', '1.5'], '--days'],
  [['--seed', '-1'], 'seed'],
  [['--trace', 'a10'], '--trace'],
  [['--fast'], '--fast'],
])('%j is refused with a sentence that names it', (args, named) => {
  const options = readOptions(args)
  expect(options.ok ? '' : options.error).toContain(named)
})
