/** What a site CSMS may do with a charger of ours, and what it is told when it may not. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connectorId, idTag, transactionId } from '@/charger-kiosk/ocpp/ids'
import { battery } from '@/simulator/charger/vehicle'
import type { VirtualCharger } from '@/simulator/charger/virtual-charger'
import { charger, openForwardBench, type ForwardBench } from './forward-bench'
import { SiteCsms } from './site-csms'

const tag = idTag('0123456789abcdef0123')
const address = { bay: 1, identity: charger, evseId: 1, connectorId: 1 }

describe.each(['1.6', '2.0.1'] as const)('over OCPP %s', (version) => {
  const isOld = version === '1.6'
  let site: SiteCsms
  let world: ForwardBench
  let car: VirtualCharger
  beforeEach(async () => {
    site = await new SiteCsms(version).start()
    world = await openForwardBench(site, version)
    car = world.bench.charger({ meterStartWh: 5_000, speed: 200 })
    await world.bench.shell.until(() => world.bench.shell.ofType('configured').length === 1)
    await site.until(() => site.of('StatusNotification').length > 0)
  })
  afterEach(async () => {
    await world.close()
    await site.kill()
  })

  /** Gives the site's and our own name of the transaction. */
  async function begin(): Promise<{ readonly named: number | string; readonly ownId: number }> {
    const { shell } = world.bench
    car.dispatch({ type: 'plug', connectorId: 1, vehicle: battery(60_000, 20, 50_000) })
    await shell.until(() => shell.ofType('status').some(({ status }) => status === 'Preparing'))
    await world.commands.remoteStart({ connectorId: connectorId(1), idTag: tag })
    await site.until(() => site.of(isOld ? 'StartTransaction' : 'TransactionEvent').length > 0)
    await site.until(() => world.forwarder.figures()[0]?.waiting === 0)
    const ownId = isOld ? 1 : Number(shell.ofType('start')[0]?.request.transactionId)
    world.desk.sessions = [{ evseId: 1, connectorId: 1, transactionId: ownId }]
    const info = site.of('TransactionEvent')[0]?.params['transactionInfo'] as
      { transactionId: string } | undefined
    return { named: isOld ? 7_001 : (info?.transactionId ?? ''), ownId }
  }

  test('it cannot start a session, list cards, update, or learn a password', async () => {
    const start = isOld
      ? await site.command('RemoteStartTransaction', { connectorId: 1, idTag: 'SITE-CARD' })
      : await site.command('RequestStartTransaction', {
          remoteStartId: 1,
          idToken: { idToken: 'SITE-CARD', type: 'Central' },
        })
    expect(start).toEqual({ status: 'Rejected' })
    const list = await site.command('SendLocalList', {
      [isOld ? 'listVersion' : 'versionNumber']: 3,
      updateType: 'Full',
    })
    expect(list).toEqual({ status: isOld ? 'NotSupported' : 'Failed' })
    const update = isOld
      ? site.command('UpdateFirmware', { location: 'ftp://x', retrieveDate: '2026-01-01T00:00:00Z' })
      : site.command('UpdateFirmware', {
          requestId: 1,
          firmware: { location: 'ftp://x', retrieveDateTime: '2026-01-01T00:00:00Z' },
        })
    await (isOld
      ? expect(update).rejects.toThrow('Not from here')
      : expect(update).resolves.toEqual({ status: 'Rejected' }))
    if (isOld) {
      const told = await site.command('GetConfiguration', {})
      const keys = (told['configurationKey'] as { key: string }[]).map(({ key }) => key)
      expect(keys).toContain('HeartbeatInterval')
      expect(keys).not.toContain('AuthorizationKey')
    }
    expect(world.desk.notes.map(({ outcome }) => outcome)).not.toContain('Accepted')
    expect(car.state.connectors[0]?.transaction).toBeUndefined()
  })

  test('it ends a session by its own name of the transaction, through the machine and into the journal', async () => {
    const { named, ownId } = await begin()
    const action = isOld ? 'RemoteStopTransaction' : 'RequestStopTransaction'
    expect(await site.command(action, { transactionId: isOld ? 99 : 'nobody' })).toEqual({
      status: 'Rejected',
    })
    expect(world.desk.stopped).toEqual([])
    expect(await site.command(action, { transactionId: named })).toEqual({ status: 'Accepted' })
    expect(world.desk.stopped).toEqual([ownId])
    expect(world.desk.notes.at(-1)).toEqual({ action, outcome: 'Accepted' })
  })

  test('what runs without a session of ours is stopped at the charger itself', async () => {
    const { named } = await begin()
    world.desk.sessions = []
    const action = isOld ? 'RemoteStopTransaction' : 'RequestStopTransaction'
    expect(await site.command(action, { transactionId: named })).toEqual({ status: 'Accepted' })
    await car.until(({ connectors }) => connectors[0]?.transaction === undefined)
  })

  const limit = (limitA: number, purpose: string, unit = 'A', id = 5) => {
    const schedule = { chargingRateUnit: unit, chargingSchedulePeriod: [{ startPeriod: 0, limit: limitA }] }
    const shared = { stackLevel: 0, chargingProfilePurpose: purpose, chargingProfileKind: 'Relative' }
    return isOld
      ? {
          connectorId: 1,
          csChargingProfiles: { chargingProfileId: id, ...shared, chargingSchedule: schedule },
        }
      : { evseId: 1, chargingProfile: { id, ...shared, chargingSchedule: [{ id: 1, ...schedule }] } }
  }

  test('its limits are kept, the smallest counts, and it can take away only its own', async () => {
    const { ownId } = await begin()
    const drawn = () => world.forwarder.limits.ofBay(address, transactionId(ownId))
    expect(drawn()).toBeUndefined()
    expect(await site.command('SetChargingProfile', limit(13, 'TxDefaultProfile'))).toEqual({
      status: 'Accepted',
    })
    expect(drawn()).toBe(13)
    // 6.9 kW over three phases of 230 V are 10 A.
    expect(await site.command('SetChargingProfile', limit(6_900, 'TxProfile', 'W', 6))).toEqual({
      status: 'Accepted',
    })
    expect(drawn()).toBe(10)
    expect(world.desk.limitChanges).toBe(2)
    const mine = isOld ? { id: 2 } : { chargingProfileId: 2 }
    expect(await site.command('ClearChargingProfile', mine)).toEqual({ status: 'Unknown' })
    const own = isOld ? { id: 6 } : { chargingProfileId: 6 }
    expect(await site.command('ClearChargingProfile', own)).toEqual({ status: 'Accepted' })
    expect(drawn()).toBe(13)
    world.desk.obeys = false
    expect(await site.command('SetChargingProfile', limit(9, 'TxDefaultProfile'))).toEqual({
      status: 'Rejected',
    })
  })

  test('a reset or an unlocked plug waits for the driver', async () => {
    const { named } = await begin()
    const reset = { type: isOld ? 'Hard' : 'Immediate' }
    const unlock = isOld ? { connectorId: 1 } : { evseId: 1, connectorId: 1 }
    expect(await site.command('Reset', reset)).toEqual({ status: 'Rejected' })
    expect(await site.command('UnlockConnector', unlock)).toEqual({
      status: isOld ? 'UnlockFailed' : 'OngoingAuthorizedTransaction',
    })
    if (!isOld) {
      expect(await site.command('GetTransactionStatus', { transactionId: named })).toMatchObject({
        ongoingIndicator: true,
      })
    }
    world.desk.sessions = []
    expect(await site.command('UnlockConnector', unlock)).toEqual({ status: 'Unlocked' })
    expect(await site.command('Reset', reset)).toEqual({ status: 'Accepted' })
    await world.bench.shell.until(() => world.bench.shell.ofType('booted').length === 2)
    await site.until(() => site.of('BootNotification').length > 1)
  })

  test('it changes named settings only, hears its triggers, and asks about heartbeats what is its own', async () => {
    const set = async (component: string, name: string, value: string): Promise<unknown> => {
      if (isOld) return (await site.command('ChangeConfiguration', { key: name, value }))['status']
      const answer = await site.command('SetVariables', {
        setVariableData: [{ attributeValue: value, component: { name: component }, variable: { name } }],
      })
      return (answer['setVariableResult'] as { attributeStatus: string }[])[0]?.attributeStatus
    }
    expect(await set('OCPPCommCtrlr', 'HeartbeatInterval', '60')).toBe('Accepted')
    expect(
      await set('SampledDataCtrlr', isOld ? 'MeterValueSampleInterval' : 'TxUpdatedInterval', '900'),
    ).toBe('Rejected')
    expect(
      await set('SecurityCtrlr', isOld ? 'AuthorizationKey' : 'BasicAuthPassword', 'mine-now-mine-now'),
    ).toBe('Rejected')
    expect(car.state.configuration['MeterValueSampleInterval']).toBe('1')
    const heard = site.of('StatusNotification').length
    const place = isOld ? { connectorId: 1 } : { evse: { id: 1, connectorId: 1 } }
    const asked = await site.command('TriggerMessage', { requestedMessage: 'StatusNotification', ...place })
    expect(asked).toEqual({ status: 'Accepted' })
    await site.until(() => site.of('StatusNotification').length > heard)
    await site.command('TriggerMessage', { requestedMessage: 'Heartbeat' })
    await site.until(() => site.of('Heartbeat').length === 1)
    expect(world.bench.shell.ofType('heartbeat')).toEqual([])
  })
})

test('a flood of questions is cut off, and our own command still gets through', async () => {
  const site = await new SiteCsms('1.6').start()
  const world = await openForwardBench(site, '1.6')
  try {
    const car = world.bench.charger()
    await world.bench.shell.until(() => world.bench.shell.ofType('configured').length === 1)
    await site.until(() => site.of('StatusNotification').length > 0)
    site.client?.reconfigure({ callConcurrency: 50 } as never)
    const answers = Array.from({ length: 50 }, () =>
      site.command('GetConfiguration', {}).then(
        () => 'answered',
        (error: Error) => error.message,
      ),
    )
    car.dispatch({ type: 'plug', connectorId: 1, vehicle: battery(60_000, 20, 50_000) })
    await world.bench.shell.until(() =>
      world.bench.shell.ofType('status').some(({ status }) => status === 'Preparing'),
    )
    expect((await world.commands.remoteStart({ connectorId: connectorId(1), idTag: tag })).ok).toBe(true)
    const told = await Promise.all(answers)
    expect(new Set(told)).toEqual(new Set(['answered', 'Too many commands at once']))
  } finally {
    await world.close()
    await site.kill()
  }
})

test('without the right to it, a site CSMS does not even stop', async () => {
  const site = await new SiteCsms('1.6', 'site-secret').start()
  const world = await openForwardBench(site, '1.6', { rights: [], password: 'site-secret' })
  try {
    world.bench.charger()
    await site.until(() => site.of('StatusNotification').length > 0)
    world.desk.sessions = [{ evseId: 1, connectorId: 1, transactionId: 1 }]
    expect(await site.command('RemoteStopTransaction', { transactionId: 7_001 })).toEqual({
      status: 'Rejected',
    })
    expect(await site.command('Reset', { type: 'Soft' })).toEqual({ status: 'Rejected' })
    expect(world.desk.stopped).toEqual([])
  } finally {
    await world.close()
    await site.kill()
  }
})
