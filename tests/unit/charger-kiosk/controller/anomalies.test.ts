import { expect, test } from 'vitest'
import { grantSerial } from '@/lib/core/ids'
import { chargePointIdentity, connectorId } from '@/charger-kiosk/ocpp/ids'
import { KioskWorld, TestWallet } from '@/tests/fixtures/kiosk-world'

const by = grantSerial('ab'.repeat(8))
const oddities = (world: KioskWorld): string[] =>
  world.kinds().filter((kind) => /^(anomaly|seal|sealed)/.test(kind))

test('a wallet that is declined again and again is one incident with its reasons', async () => {
  const world = await KioskWorld.create()
  await world.charger.plug()
  await world.settle()
  const wallet = await TestWallet.create('anna')
  for (let turn = 0; turn < 7; turn += 1) {
    const held = await wallet.authorize(world.offer(), 9_000)
    await world.controller.handleScan(1, held.text)
    await world.settle()
  }
  expect(oddities(world)).toEqual(['anomaly.declines'])
  const line = world.events().find((event) => event.kind === 'incident')
  expect(line).toMatchObject({ detail: expect.stringContaining(wallet.grant.payload.serial) as string })
})

test('a controller that starts again and again says so', async () => {
  const world = await KioskWorld.create()
  for (let cut = 0; cut < 4; cut += 1) await world.powerCut({ awayS: 60 })
  expect(oddities(world)).toEqual(['anomaly.restarts'])
})

test('a housing that was opened is an incident once an hour', async () => {
  const world = await KioskWorld.create()
  for (let turn = 0; turn < 3; turn += 1) {
    await world.controller.handlers.onEvent({
      type: 'status',
      identity: chargePointIdentity('CP-1'),
      connectorId: connectorId(1),
      status: 'Available',
      errorCode: 'OtherError',
      info: 'Housing open',
      vendorErrorCode: undefined,
      time: world.charger.time(),
    })
  }
  expect(oddities(world)).toEqual(['anomaly.tamper'])
})

test('seals are written down, outlive a restart, and one that is broken is an incident', async () => {
  const world = await KioskWorld.create()
  const whole = { place: 'meter', number: 'OP-0042', isIntact: true }
  expect(await world.controller.recordSeals([whole], by)).toEqual({ ok: true, value: [] })
  await world.powerCut()
  const looked = await world.controller.recordSeals([{ ...whole, isIntact: false }], by)
  expect(looked).toMatchObject({ ok: true, value: [{ what: 'seal.broken' }] })
  expect(oddities(world)).toEqual(['sealed', 'seal.broken', 'sealed'])
  // What is broken is not expected any more: the next seal is a new one.
  const fresh = await world.controller.recordSeals([{ ...whole, number: 'OP-0043' }], by)
  expect(fresh).toMatchObject({ ok: true, value: [] })
})
