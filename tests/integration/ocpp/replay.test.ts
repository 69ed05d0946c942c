/** Recorded sessions in simulated time over a real socket: days pass in moments, and every watt-hour is accounted for. */

import { expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { durationMs, epochSeconds } from '@/lib/core/units'
import { startCentralSystem } from '@/charger-kiosk/ocpp/central-system'
import { connectorId, idTag, transactionId } from '@/charger-kiosk/ocpp/ids'
import { deliverSession, type DeliveredSession, type SessionPlan } from '@/simulator/charger/deliver-session'
import { VirtualCharger } from '@/simulator/charger/virtual-charger'
import { VirtualTime } from '@/simulator/charger/virtual-time'
import { identity, RecordingShell } from './recording-shell'

const startS = 1_531_526_400 // 2018-07-14T00:00:00Z
const bay = connectorId(1)

async function openWorld() {
  const time = new VirtualTime(epochSeconds(startS))
  const shell = new RecordingShell()
  const settings = { port: 0, chargers: [{ identity }], meterIntervalS: 300, pingIntervalMs: durationMs(0) }
  const system = expectOk(
    await startCentralSystem({ ...settings, clockFloorS: epochSeconds(startS) }, shell, time),
    'a free port can be listened on',
  )
  const url = `ws://127.0.0.1:${system.port}/ocpp`
  const charger = new VirtualCharger({ url, identity, settings: { maxPowerW: 150_000 } }, time)
  time.watch(() => charger.isQuiet && system.isQuiet())
  charger.start()
  const commands = system.charger(identity)
  if (commands === undefined) throw new Error('the charger is in the settings')
  return {
    time,
    shell,
    charger,
    commands,
    async close() {
      charger.stop()
      await system.close()
    },
  }
}

test('Two days of sessions are delivered to the watt-hour, at their own times', async () => {
  const world = await openWorld()
  const plans: SessionPlan[] = [
    { startS: startS + 3_600, durationS: 1_834, energyWh: 21_457 },
    { startS: startS + 40_000, durationS: 7, energyWh: 1 },
    { startS: startS + 90_000, durationS: 28_800, energyWh: 64_003 },
    { startS: startS + 130_000, durationS: 600, energyWh: 0 },
  ]
  const delivered: (DeliveredSession | undefined)[] = []
  await world.time.run(async (sleepUntil) => {
    for (const [index, plan] of plans.entries()) {
      const start = { connectorId: bay, idTag: idTag(`session-${index}`) }
      const authorize = async () => (await world.commands.remoteStart(start)).ok
      delivered.push(
        await deliverSession(world.charger, plan, () => world.time.clock.nowS(), sleepUntil, authorize),
      )
    }
  })
  await world.close()
  expect(delivered.map((session) => session?.energyWh)).toEqual(plans.map(({ energyWh }) => energyWh))
  const starts = world.shell.ofType('start').map(({ request }) => request)
  const stops = world.shell.ofType('stop').map(({ notice }) => notice)
  expect(starts.map(({ time }) => (time.reportedAtS ?? 0) - startS)).toEqual([3_601, 40_001, 90_001, 130_001])
  expect(
    stops.map(({ meterStopWh }, index) => (meterStopWh ?? 0) - (starts[index]?.meterStartWh ?? 0)),
  ).toEqual(plans.map(({ energyWh }) => energyWh))
  expect(world.shell.ofType('incident')).toEqual([])
})

test('A session that is stopped on the way has delivered what its register says, and its vehicle stays till its time', async () => {
  const world = await openWorld()
  const plan = { startS: startS + 60, durationS: 3_600, energyWh: 10_000 }
  let session: DeliveredSession | undefined
  await world.time.run(
    async (sleepUntil) => {
      const authorize = async () =>
        (await world.commands.remoteStart({ connectorId: bay, idTag: idTag('cut') })).ok
      session = await deliverSession(
        world.charger,
        plan,
        () => world.time.clock.nowS(),
        sleepUntil,
        authorize,
      )
    },
    async (sleepUntil) => {
      await sleepUntil(startS + 61 + 1_800)
      await world.commands.remoteStop(transactionId(1))
    },
  )
  await world.close()
  expect(session?.energyWh).toBe(5_000)
  expect(world.time.clock.nowS()).toBeGreaterThanOrEqual(startS + 60 + 3_600)
})

test('A driver who is refused leaves without a session', async () => {
  const world = await openWorld()
  const plan = { startS: startS + 60, durationS: 60, energyWh: 100 }
  await world.time.run(async (sleepUntil) => {
    const authorize = async () => false
    const session = await deliverSession(
      world.charger,
      plan,
      () => world.time.clock.nowS(),
      sleepUntil,
      authorize,
    )
    expect(session).toBeUndefined()
  })
  await world.close()
  expect(world.shell.ofType('start')).toEqual([])
})
