import { describe, expect, test } from 'vitest'
import type { MemoryDisk } from '@/lib/journal/memory-disk'
import { receiptOf, receiptsOf } from '@/tests/fixtures/kiosk-receipts'
import { KioskWorld, startSession, TestWallet } from '@/tests/fixtures/kiosk-world'

type Backup = ReturnType<MemoryDisk['backUp']>

/** One session told from plug to receipt, with what the disk held after each append. */
async function story(): Promise<{
  readonly disks: Backup[]
  readonly text: string
  readonly totalMinor: number
}> {
  const disks: Backup[] = []
  const watched: { disk?: MemoryDisk } = {}
  const world = await KioskWorld.create({
    ports: { observer: { appendEnded: () => disks.push(watched.disk?.backUp()) } },
  })
  watched.disk = world.disk
  const held = await startSession(world, await TestWallet.create('anna'), 1_500)
  const { stopCode } = world.phaseOf('charging')
  await world.charge(60, 36_000)
  await world.controller.handleStop(1, '000000')
  await world.controller.handleStop(1, stopCode ?? '')
  await world.settle()
  return {
    disks: disks.filter((one) => one !== undefined),
    text: held.text,
    totalMinor: receiptOf(world).totalMinor,
  }
}

/** A fresh controller on what one instant left on the disk. */
async function wakeOn(backup: Backup): Promise<KioskWorld> {
  const world = await KioskWorld.create()
  world.charger.orphan()
  world.time.die()
  world.disk.restore(backup)
  await world.restart()
  return world
}

describe('a power cut after any append of a session', async () => {
  const { disks, text, totalMinor } = await story()

  test('has instants to try', () => {
    expect(disks.length).toBeGreaterThan(8)
  })

  test.each(disks.map((_, index) => [index]))(
    'number %i, with the charger gone too: it ends truly, once, and never above what was metered',
    async (index) => {
      const world = await wakeOn(disks[index])
      const before = world.kinds()
      const wasAccepted = before.includes('accepted')
      // Nobody comes back: no charger, no driver. Whatever was open has to end by itself.
      await world.pass(400)
      const kinds = world.kinds()
      expect(kinds.filter((kind) => kind === 'ended')).toHaveLength(wasAccepted ? 1 : 0)
      if (!wasAccepted) return
      const receipt = receiptOf(world)
      expect(receipt.counter).toBe(1)
      expect(receipt.totalMinor).toBeLessThanOrEqual(totalMinor)
      const metered = world.events().flatMap((event) => (event.kind === 'metered' ? [event.registerWh] : []))
      expect(receipt.meterStopWh).toBe(Math.max(before.includes('started') ? 10_000 : 0, ...metered))
      // The phone shows the same bytes: it gets the receipt, now and always.
      const again = await world.controller.handleScan(1, text)
      expect(again).toMatchObject({ kind: 'known', known: { what: 'receipt' } })
      expect(await world.controller.handleScan(1, text)).toEqual(again)
    },
  )

  test.each(disks.map((_, index) => [index]))(
    'number %i, with the charger going on: the session goes on from where the disk was',
    async (index) => {
      const world = await wakeOn(disks[index])
      const open = world.kinds().includes('accepted') && !world.kinds().includes('ended')
      const id = world.events().find((event) => event.kind === 'started')?.transactionId
      if (!open || id === undefined || world.kinds().includes('stopping')) return
      world.charger.transaction = { id: id as never, tag: 'tag' }
      world.charger.status = 'Charging'
      world.charger.registerWh = 10_600
      await world.charger.connect(world.controller.handlers)
      await world.charge(60, 36_000)
      expect(world.phase.kind).toBe('charging')
      await world.charger.unplug()
      await world.settle()
      expect(receiptOf(world)).toMatchObject({
        meterStartWh: 10_000,
        meterStopWh: 11_200,
        stopReason: 'unplugged',
      })
    },
  )
})

test('cut between the accept and the charger’s start: the start is asked for again, once, and the session is the same', async () => {
  const world = await KioskWorld.create()
  world.charger.onRemoteStart = 'forget'
  const held = await startSession(world, await TestWallet.create('anna'), 1_500)
  const { stopCode, answerCode } = world.phaseOf('starting')
  world.charger.onRemoteStart = 'obey'
  await world.powerCut()
  const charging = world.phaseOf('charging')
  expect(charging).toMatchObject({ sessionId: held.authorization.hash, stopCode, answerCode })
  expect(world.charger.heard.filter((line) => line.startsWith('start'))).toHaveLength(2)
})

test('cut for longer than anybody waits: no start for a vehicle that may be another one', async () => {
  const world = await KioskWorld.create()
  world.charger.onRemoteStart = 'forget'
  await startSession(world, await TestWallet.create('anna'), 1_500)
  await world.powerCut({ awayS: 600 })
  await world.pass(61)
  expect(world.charger.heard.filter((line) => line.startsWith('start'))).toHaveLength(1)
  expect(receiptOf(world)).toMatchObject({ stopReason: 'never-started', totalMinor: 0 })
})

test('cut while the charger waits for the answer to its start: the start comes again and finds its session', async () => {
  const world = await KioskWorld.create()
  world.charger.onRemoteStart = 'forget'
  const held = await startSession(world, await TestWallet.create('anna'), 1_500)
  world.charger.orphan()
  await world.charger.startTransaction(held.authorization.hash.slice(0, 20))
  await world.powerCut()
  expect(world.phaseOf('charging').sessionId).toBe(held.authorization.hash)
})

test('cut while the charger stops: the stop comes again, and the receipt has its reading', async () => {
  const world = await KioskWorld.create()
  await startSession(world, await TestWallet.create('anna'), 1_500)
  await world.charge(600, 36_000)
  world.charger.orphan()
  world.charger.registerWh += 77
  await world.charger.stopTransaction('EVDisconnected')
  await world.powerCut()
  expect(receiptOf(world)).toMatchObject({ meterStopWh: 16_077, stopReason: 'unplugged' })
  expect(receiptsOf(world)).toHaveLength(1)
})

test('cut with the receipt on the screen: the bay is free again, and the same code gets the receipt', async () => {
  const world = await KioskWorld.create()
  const held = await startSession(world, await TestWallet.create('anna'), 1_500)
  await world.charge(600, 36_000)
  await world.charger.unplug()
  await world.settle()
  const { receiptCode } = world.phaseOf('finished')
  await world.powerCut()
  expect(world.phase.kind).toBe('available')
  const outcome = await world.controller.handleScan(1, held.text)
  expect(outcome).toMatchObject({ kind: 'known', known: { what: 'receipt' } })
  expect(receiptCode).toMatch(/^OP1:/)
})

test('a restart voids every offer: the decline is signed, so that the phone gets its hold back', async () => {
  const world = await KioskWorld.create()
  await world.charger.plug()
  await world.settle()
  const held = await (await TestWallet.create('anna')).authorize(world.offer(), 1_000)
  await world.powerCut()
  const outcome = await world.controller.handleScan(1, held.text)
  expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'offer.unknown' } })
  expect(outcome.kind === 'refused' && outcome.answer !== undefined).toBe(true)
})
