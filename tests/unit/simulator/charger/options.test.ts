import { expect, test } from 'vitest'
import { readOptions } from '@/simulator/charger/options'

test('Without a word it is CP-1 at the usual port', () => {
  expect(readOptions([], {})).toMatchObject({
    ok: true,
    value: {
      url: 'ws://127.0.0.1:9220/ocpp',
      identity: 'CP-1',
      speed: 1,
      maxPowerW: 50_000,
      controlPort: undefined,
    },
  })
})

test('Flags win over the environment', () => {
  const options = readOptions(['--identity', 'CP-9', '--control-port', '0'], {
    CHARGER_IDENTITY: 'CP-8',
    CHARGER_SPEED: '60',
  })
  expect(options).toMatchObject({ ok: true, value: { identity: 'CP-9', speed: 60, controlPort: 0 } })
})

test.each([
  [['--speed', 'fast']],
  [['--speed', '0']],
  [['--control-port', '70000']],
  [['--url', 'http://127.0.0.1']],
  [['--colour', 'red']],
])('%j is refused', (args) => {
  expect(readOptions(args, {}).ok).toBe(false)
})
