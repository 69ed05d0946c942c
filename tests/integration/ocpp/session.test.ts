/** Whole sessions between the controller and a virtual charger, over a real socket. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connectorId, idTag, transactionId } from '@/charger-kiosk/ocpp/ids'
import { registerWh } from '@/simulator/charger/meter'
import { battery, scheduled } from '@/simulator/charger/vehicle'
import type { VirtualCharger } from '@/simulator/charger/virtual-charger'
import { openBench, type Bench } from './recording-shell'

const bay = connectorId(1)
const tag = idTag('0123456789abcdef0123')

const versions = ['1.6', '2.0.1'] as const
type Version = (typeof versions)[number]

describe.each(versions)('with a charger that speaks OCPP %s', (version: Version) => {
  let bench: Bench
  beforeEach(async () => {
    bench = await openBench({}, version)
  })
  afterEach(() => bench.close())

  /** As the controller numbers it; of 2.0.1 only the name is the charger's. */
  const numbered = () => {
    const [start] = bench.shell.ofType('start')
    const id = version === '1.6' ? transactionId(1) : start?.request.transactionId
    if (id === undefined) throw new Error('Nothing was started')
    return id
  }

  const statusSeen = (status: string) => () =>
    bench.shell.ofType('status').some((event) => event.connectorId === bay && event.status === status)

  const isRunning = (charger: VirtualCharger) =>
    charger.until(({ transactionIds }) => Object.keys(transactionIds).length > 0)

  async function plugAndStart(charger: VirtualCharger): Promise<void> {
    await bench.shell.until(statusSeen('Available'))
    charger.dispatch({ type: 'plug', connectorId: 1, vehicle: battery(60_000, 20, 50_000) })
    await bench.shell.until(statusSeen('Preparing'))
    expect(await bench.commands.remoteStart({ connectorId: bay, idTag: tag })).toEqual({
      ok: true,
      value: undefined,
    })
    await isRunning(charger)
  }

  test('A vehicle is plugged in, started, metered and stopped, and every message of it arrives in whole units', async () => {
    const charger = bench.charger({ meterStartWh: 1_000, speed: 100 })
    await plugAndStart(charger)
    await bench.shell.until(() => bench.shell.ofType('configured').length > 0)
    await bench.shell.until(() =>
      bench.shell.ofType('meter-values').some(({ transactionId: id }) => id === numbered()),
    )
    expect(await bench.commands.remoteStop(numbered())).toEqual({ ok: true, value: undefined })
    await bench.shell.until(() => bench.shell.ofType('stop').length === 1)

    const [start] = bench.shell.ofType('start')
    expect(start?.request).toMatchObject({ connectorId: 1, idTag: tag, meterStartWh: 1_000 })
    expect(start?.request.time.plausible).toBe(true)
    const [stop] = bench.shell.ofType('stop')
    const finalWh = registerWh(charger.state.connectors[0]!)
    expect(stop?.notice).toMatchObject({ transactionId: numbered(), meterStopWh: finalWh, reason: 'Remote' })
    expect(finalWh).toBeGreaterThan(1_000)
    const registers = bench.shell
      .ofType('meter-values')
      .flatMap(({ samples }) => samples.flatMap(({ registerWh: wh }) => (wh === undefined ? [] : [wh])))
    expect(registers).toEqual([...registers].sort((left, right) => left - right))
    expect(bench.shell.ofType('incident')).toEqual([])
  })

  test('A charger is configured after it has started, and asked how things stand', async () => {
    bench.charger()
    await bench.shell.until(() => bench.shell.ofType('configured').length === 1)
    expect(bench.shell.ofType('booted')).toMatchObject([{ vendor: 'Outpost', model: 'Virtual 50' }])
    expect(bench.shell.ofType('configured')[0]?.outcomes).toMatchObject(
      version === '1.6'
        ? {
            AuthorizeRemoteTxRequests: 'accepted',
            LocalAuthorizeOffline: 'accepted',
            MeterValuesSampledData: 'accepted',
            MeterValueSampleInterval: 'accepted',
          }
        : {
            'AuthCtrlr.AuthorizeRemoteStart': 'accepted',
            'AuthCtrlr.LocalAuthorizeOffline': 'accepted',
            'SampledDataCtrlr.TxUpdatedMeasurands': 'accepted',
            'SampledDataCtrlr.TxUpdatedInterval': 'accepted',
            'TxCtrlr.TxStartPoint': 'not-supported',
          },
    )
    await bench.shell.until(() => bench.shell.ofType('meter-values').length > 0)
    expect(bench.shell.ofType('meter-values')[0]?.samples[0]?.context).toBe('Trigger')
  })

  test('Unplugging ends the transaction with its own reason', async () => {
    const charger = bench.charger()
    await plugAndStart(charger)
    charger.dispatch({ type: 'unplug', connectorId: 1 })
    await bench.shell.until(() => bench.shell.ofType('stop').length === 1)
    expect(bench.shell.ofType('stop')[0]?.notice.reason).toBe('EVDisconnected')
  })

  test('A stop that happened while the link was down arrives later with its own time', async () => {
    const charger = bench.charger()
    await plugAndStart(charger)
    charger.dropLink(300)
    charger.dispatch({ type: 'unplug', connectorId: 1 })
    const stoppedAt = Math.floor(Date.now() / 1_000)
    await bench.shell.until(() => bench.shell.ofType('stop').length === 1)
    const kinds = bench.shell.notes.map(({ type }) => type)
    expect(kinds.indexOf('disconnected')).toBeLessThan(kinds.indexOf('stop'))
    expect(bench.shell.ofType('connected')).toHaveLength(2)
    // A reconnecting charger does not introduce itself again.
    expect(bench.shell.ofType('booted')).toHaveLength(1)
    const { time } = bench.shell.ofType('stop')[0]!.notice
    expect(time.plausible).toBe(true)
    expect(Math.abs((time.reportedAtS ?? 0) - stoppedAt)).toBeLessThanOrEqual(1)
  })

  test('A controller that comes back finds out about a session that it was not there for', async () => {
    const charger = bench.charger()
    await plugAndStart(charger)
    const { port } = bench.system
    await bench.system.close()
    const successor = await openBench({ port }, version)
    await successor.shell.until(() =>
      successor.shell.ofType('status').some(({ status }) => status === 'Charging'),
    )
    await successor.shell.until(() => successor.shell.ofType('meter-values').length > 0)
    expect(successor.shell.ofType('booted')).toEqual([])
    expect(successor.shell.ofType('meter-values')[0]?.transactionId).toBe(numbered())
    expect(await successor.commands.remoteStop(numbered())).toMatchObject({ ok: true })
    await successor.shell.until(() => successor.shell.ofType('stop').length === 1)
    await successor.close()
  })

  test('A start and a stop that come twice reach the shell once and are both answered', async () => {
    const charger = bench.charger()
    charger.dispatch({ type: 'set-faults', faults: { duplicates: true } })
    await plugAndStart(charger)
    charger.dispatch({ type: 'unplug', connectorId: 1 })
    await bench.shell.until(() => bench.shell.incidents('duplicate').length === 2)
    await charger.until(({ outbox }) => outbox.length === 0)
    expect(bench.shell.ofType('start')).toHaveLength(1)
    expect(bench.shell.ofType('stop')).toHaveLength(1)
  })

  test.runIf(version === '1.6')(
    'A stop for transaction −1 is acknowledged and names no transaction',
    async () => {
      const charger = bench.charger()
      await plugAndStart(charger)
      charger.dispatch({ type: 'set-faults', faults: { minusOne: true } })
      charger.dispatch({ type: 'unplug', connectorId: 1 })
      await bench.shell.until(() => bench.shell.ofType('stop').length === 1)
      await charger.until(({ outbox }) => outbox.length === 0)
      expect(bench.shell.ofType('stop')[0]?.notice.transactionId).toBeUndefined()
    },
  )

  test('A charger whose clock was never set is believed about the energy and not about the time', async () => {
    const charger = bench.charger()
    charger.dispatch({ type: 'set-faults', faults: { unsetClock: true } })
    await plugAndStart(charger)
    expect(bench.shell.ofType('start')[0]?.request).toMatchObject({
      meterStartWh: 0,
      time: { plausible: false },
    })
  })

  test('What the shell could not record is left unanswered, and the charger brings it again', async () => {
    const charger = bench.charger()
    await bench.shell.until(statusSeen('Available'))
    charger.dispatch({ type: 'plug', connectorId: 1, vehicle: battery(60_000, 20, 50_000) })
    await bench.shell.until(statusSeen('Preparing'))
    bench.shell.failuresLeft = 1
    await bench.commands.remoteStart({ connectorId: bay, idTag: tag })
    await isRunning(charger)
    expect(bench.shell.incidents('handler-failed')).toHaveLength(1)
    expect(bench.shell.ofType('start')).toHaveLength(1)
    expect(bench.shell.ofType('connected')).toHaveLength(2)
  })

  test('A start that the shell refuses is stopped by the charger', async () => {
    bench.shell.startStatus = 'Invalid'
    const charger = bench.charger()
    await bench.shell.until(statusSeen('Available'))
    charger.dispatch({ type: 'plug', connectorId: 1, vehicle: battery(60_000, 20, 50_000) })
    await bench.shell.until(statusSeen('Preparing'))
    await bench.commands.remoteStart({ connectorId: bay, idTag: tag })
    await bench.shell.until(() => bench.shell.ofType('stop').length === 1)
    expect(bench.shell.ofType('stop')[0]?.notice.reason).toBe('DeAuthorized')
  })

  test('A power cut at the charger ends the transaction, and its stop comes after the new start', async () => {
    const charger = bench.charger()
    await plugAndStart(charger)
    charger.dispatch({ type: 'restart', reason: 'PowerLoss' })
    await bench.shell.until(() => bench.shell.ofType('stop').length === 1)
    expect(bench.shell.ofType('stop')[0]?.notice).toMatchObject({
      transactionId: numbered(),
      reason: 'PowerLoss',
    })
    expect(bench.shell.ofType('booted')).toHaveLength(2)
  })

  test('A vehicle that has all it came for is reported as suspended, with exactly that energy', async () => {
    const charger = bench.charger({ meterStartWh: 77 })
    await bench.shell.until(statusSeen('Available'))
    charger.dispatch({ type: 'plug', connectorId: 1, vehicle: scheduled(1_234, 50) })
    await bench.shell.until(statusSeen('Preparing'))
    await bench.commands.remoteStart({ connectorId: bay, idTag: tag })
    await bench.shell.until(statusSeen('SuspendedEV'))
    await isRunning(charger)
    await bench.commands.remoteStop(numbered())
    await bench.shell.until(() => bench.shell.ofType('stop').length === 1)
    expect(bench.shell.ofType('stop')[0]?.notice.meterStopWh).toBe(77 + 1_234)
  })
})
