import { describe, expect, test } from 'vitest'
import { runningForwardFindings } from '@/charger-kiosk/cli/forward-checks'
import { readKioskConfig } from '@/charger-kiosk/config'
import type { ForwardFigures } from '@/charger-kiosk/forward/ports'
import { forwardHealth } from '@/charger-kiosk/forward/shown'
import { expectOk } from '@/lib/core/result'

const figures = (changes: Partial<ForwardFigures> = {}): ForwardFigures => ({
  charger: 'CP-1',
  standing: 'connected',
  fault: undefined,
  waiting: 0,
  oldestUnsentS: 0,
  delivered: 10,
  setAside: 0,
  dropped: 0,
  refusedCommands: 0,
  ...changes,
})
const forward = { url: 'ws://csms.example', version: '1.6' }
const config = expectOk(
  readKioskConfig({}, { path: '/nowhere/outpost-kiosk.json', value: { ocpp: { forward } } }),
  'a configuration',
)

describe('what health and doctor say about forwarding', () => {
  test('is nothing where no charger is forwarded', () => {
    expect(forwardHealth([])).toEqual({})
    expect(runningForwardFindings({ ...config, forwards: [] }, {})).toEqual([])
  })

  test('sums what waits, and names the oldest and the first fault of each', () => {
    const away = figures({
      charger: 'CP-2',
      standing: 'idle',
      fault: 'connect ECONNREFUSED',
      waiting: 7,
      oldestUnsentS: 90,
    })
    const health = forwardHealth([figures({ waiting: 1, oldestUnsentS: 2 }), away])
    expect(health).toMatchObject({ forwardConnected: 1, forwardWaiting: 8, forwardOldestUnsentS: 90 })
    expect(health['forwardFault']).toBe('CP-2: connect ECONNREFUSED')
    expect(runningForwardFindings(config, health)).toMatchObject([{ check: 'forwarding', state: 'warn' }])
  })

  test('a charger of another version is a fault although nothing was tried', () => {
    const health = forwardHealth([figures({ standing: 'wrong-version' })])
    expect(health['forwardFault']).toContain('another version')
  })

  test('is well where all is told, and a warning where something was never taken', () => {
    expect(runningForwardFindings(config, forwardHealth([figures()]))).toMatchObject([{ state: 'ok' }])
    expect(runningForwardFindings(config, forwardHealth([figures({ setAside: 1 })]))).toMatchObject([
      { state: 'warn' },
    ])
  })
})
