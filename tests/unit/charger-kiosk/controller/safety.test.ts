import { expect, test } from 'vitest'
import { durationMs, watts } from '@/lib/core/units'
import { stricter, safeLimits } from '@/charger-kiosk/safety/safety-limits'
import { receiptOf } from '@/tests/fixtures/kiosk-receipts'
import { KioskWorld, startSession, TestWallet } from '@/tests/fixtures/kiosk-world'

async function charging(): Promise<KioskWorld> {
  const world = await KioskWorld.create()
  await startSession(world, await TestWallet.create('anna'), 1_500)
  await world.charge(60, 36_000)
  return world
}
const safetyLines = (world: KioskWorld): string[] => world.kinds().filter((kind) => kind.startsWith('safety'))

test('an overheated bay loses its power at once, bills what flowed, and sells nothing until it is cool', async () => {
  const world = await charging()
  await world.charger.sample({ temperatureDeciC: 900 })
  await world.settle()
  expect(receiptOf(world)).toMatchObject({ stopReason: 'fault', meterStopWh: 10_600 })
  expect(safetyLines(world)).toEqual(['safety.overheated', 'safety.warm'])
  await world.charger.unplug()
  await world.charger.plug()
  await world.controller.dismiss(1)
  await world.settle()
  expect(world.phase).toMatchObject({ kind: 'unavailable', reason: 'charger.faulted' })
  await world.pass(safeLimits.coolDownMs / 1_000)
  expect(world.phase.kind).toBe('offering')
})

test('an overheated bay goes on cooling after a restart, for what is left of its time', async () => {
  const world = await charging()
  await world.charger.sample({ temperatureDeciC: 900 })
  await world.settle()
  await world.charger.unplug()
  await world.settle()
  await world.powerCut({ awayS: 60 })
  await world.charger.plug()
  await world.settle()
  expect(world.phase).toMatchObject({ kind: 'unavailable', reason: 'charger.faulted' })
  await world.pass(safeLimits.coolDownMs / 1_000 - 90)
  expect(world.phase.kind).toBe('unavailable')
  await world.pass(60)
  expect(world.phase.kind).toBe('offering')
})

test('more energy than the bay can deliver is somebody’s business once a session, and is billed as the register says', async () => {
  const machine = { safety: stricter(safeLimits, { currentMaxMa: 16_000 }) }
  const world = await KioskWorld.create({ controller: { machine } })
  await startSession(world, await TestWallet.create('anna'), 1_500)
  const anomalies = () => world.kinds().filter((kind) => kind.startsWith('anomaly'))
  for (let minute = 0; minute < 5; minute += 1) {
    await world.pass(60)
    await world.charger.deliver(180)
  }
  expect(anomalies()).toEqual([])
  for (let minute = 0; minute < 5; minute += 1) {
    await world.pass(60)
    await world.charger.deliver(700)
  }
  expect(anomalies()).toEqual(['anomaly.energy'])
  await world.charger.unplug()
  await world.settle()
  expect(receiptOf(world).meterStopWh).toBe(10_000 + 5 * 180 + 5 * 700)
})

test('a meter that falls silent while power flows is asked, and ends the session when it stays silent', async () => {
  const world = await charging()
  await world.pass(60)
  expect(world.charger.heard.at(-1)).toBe('trigger MeterValues')
  expect(world.phase.kind).toBe('charging')
  await world.pass(250)
  expect(receiptOf(world)).toMatchObject({ stopReason: 'fault', meterStopWh: 10_600 })
  expect(safetyLines(world)).toEqual(['safety.meter-silent'])
})

test('a lost charger is noted and goes on; its registers tell later what flowed', async () => {
  const world = await charging()
  await world.charger.disconnect()
  await world.pass(1_800)
  expect(safetyLines(world)).toEqual(['safety.charger-lost'])
  expect(world.phase.kind).toBe('charging')
  await world.charger.connect()
  await world.charger.deliver(5_000)
  await world.charger.unplug()
  await world.settle()
  expect(receiptOf(world)).toMatchObject({ stopReason: 'unplugged', meterStopWh: 15_600 })
})

test('power beyond what any charger delivers ends the session when it lasts', async () => {
  const world = await charging()
  for (let turn = 0; turn < 7; turn += 1) {
    await world.pass(10)
    await world.charger.sample({ powerW: watts(9_000_000) })
    await world.settle()
  }
  expect(receiptOf(world).stopReason).toBe('fault')
  expect(safetyLines(world)).toEqual(['safety.over-power'])
})

test('what is configured may only be stricter than what is safe', () => {
  const loose = stricter(safeLimits, { cutOffAtDeciC: 2_000, coolDownMs: durationMs(0) })
  expect(loose).toMatchObject({ cutOffAtDeciC: 850, coolDownMs: 900_000 })
})
