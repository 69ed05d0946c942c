import { expect, test } from 'vitest'
import { err, ok } from '@/lib/core/result'
import type { ChargerCommands, CommandErrorCode } from '@/charger-kiosk/ocpp/port'
import { applyConfiguration } from '@/charger-kiosk/ocpp/set-up'
import { standardConfiguration } from '@/charger-kiosk/ocpp/v16/set-up'

type Change = ChargerCommands['changeConfiguration']

const refused = (code: CommandErrorCode) => err({ code, detail: '' })

test('A value that is rejected is followed by the next best', async () => {
  const tried: string[] = []
  const changeConfiguration: Change = async (_key, value) => {
    tried.push(value)
    return value === 'energy' ? ok('accepted') : refused('rejected')
  }
  const outcomes = await applyConfiguration({ changeConfiguration }, [
    ['MeterValuesSampledData', 'all', 'energy', 'none'],
  ])
  expect(tried).toEqual(['all', 'energy'])
  expect(outcomes).toEqual({ MeterValuesSampledData: 'accepted' })
})

test('A key that the charger does not know is skipped', async () => {
  const changeConfiguration: Change = async (key) =>
    key === 'A' ? refused('not-supported') : ok('reboot-required')
  const outcomes = await applyConfiguration({ changeConfiguration }, [
    ['A', '1', '2'],
    ['B', '1'],
  ])
  expect(outcomes).toEqual({ A: 'not-supported', B: 'reboot-required' })
})

test.each(['timeout', 'disconnected'] as const)('After a %s nothing more is tried', async (code) => {
  const changeConfiguration: Change = async () => refused(code)
  const outcomes = await applyConfiguration({ changeConfiguration }, standardConfiguration(10))
  expect(Object.values(outcomes)).toEqual([code])
})

test('A charger may start nothing on its own authority', () => {
  const values = new Map(standardConfiguration(10).map(([key, value]) => [key, value]))
  for (const key of [
    'AuthorizeRemoteTxRequests',
    'LocalAuthorizeOffline',
    'LocalPreAuthorize',
    'AllowOfflineTxForUnknownId',
  ]) {
    expect(values.get(key), key).toBe('false')
  }
  expect(values.get('StopTransactionOnEVSideDisconnect')).toBe('true')
})
