/**
 * The matrix: phone on or offline × charger on or offline. The ceremony is the same in all four; what differs is who
 * can tell the cloud, and when. Real wallet, real controller, real reconciliation; the store is in memory.
 */

import { describe, expect, test } from 'vitest'
import { openMemoryCloud } from '@/simulator/world/memory-cloud'
import { Trace } from '@/simulator/world/trace'
import { leave, offerCode } from '@/simulator/world/visit'
import { World } from '@/simulator/world/world'
import type { WorldCharger } from '@/simulator/world/world-charger'
import type { Shown, WorldPhone } from '@/simulator/world/world-phone'

interface Place {
  readonly world: World
  readonly trace: Trace
  readonly phone: WorldPhone
  readonly charger: WorldCharger
}

/** One phone with credit taken along, one charger that is enrolled; nothing goes wrong on the roads. */
async function meet(chargerOnline: boolean): Promise<Place> {
  const trace = new Trace()
  const world = await World.open('matrix', openMemoryCloud, trace)
  world.links.mishapShare = 0
  const [phone] = world.phones
  const [charger] = world.chargers
  if (phone === undefined || charger === undefined) throw new Error('A world has a phone and a charger')
  if (chargerOnline) world.links.up.add(charger.id)
  else world.links.up.delete(charger.id)
  return { world, trace, phone, charger }
}

/** Plug in, scan, approve, show, charge for a moment, leave, read the receipt. */
async function ceremony({ world, phone, charger }: Place): Promise<Shown> {
  await charger.twin.plug()
  await world.settle()
  const approved = await phone.approve(offerCode(world, charger) ?? '', 0)
  if (approved?.ok !== true) throw new Error('The wallet could not approve')
  world.truth.shown(approved.value.text, phone)
  const outcome = await charger.scan(approved.value.text)
  expect(outcome?.kind).toBe('accepted')
  await world.settle()
  await world.pass(20)
  expect(charger.phase?.kind).toBe('charging')
  await charger.controller?.handleStop(
    1,
    charger.phase?.kind === 'charging' ? (charger.phase.stopCode ?? '') : '',
  )
  await world.settle()
  const { phase } = charger
  expect(phase?.kind).toBe('finished')
  const read = phase?.kind === 'finished' ? await phone.read(phase.receiptCode) : undefined
  expect(read).toMatchObject({ ok: true, value: { kind: 'receipt' } })
  await leave(world, charger)
  return approved.value
}

const bookedFor = async ({ world }: Place, { sessionId }: Shown) => {
  await world.cloud.work()
  const books = await world.cloud.books()
  return books.sessions.find((session) => session.sessionId === sessionId)
}

/** Transfers that moved money of the session for good. */
const postedOf = async ({ world }: Place, { sessionId }: Shown): Promise<number> => {
  const { transfers } = await world.cloud.books()
  return transfers.filter(({ reference, effect }) => reference.includes(sessionId) && effect === 'post')
    .length
}

describe.each([
  { phoneOnline: true, chargerOnline: true, settledBy: 'both' },
  { phoneOnline: true, chargerOnline: false, settledBy: 'the phone alone' },
  { phoneOnline: false, chargerOnline: true, settledBy: 'the charger alone' },
  { phoneOnline: false, chargerOnline: false, settledBy: 'nobody yet' },
])(
  'phone online $phoneOnline, charger online $chargerOnline',
  ({ phoneOnline, chargerOnline, settledBy }) => {
    test(`charges all the same, and is settled by ${settledBy}`, async () => {
      const place = await meet(chargerOnline)
      const { world, trace, phone, charger } = place
      if (phoneOnline) await phone.report()
      const shown = await ceremony(place)
      await world.pass(180)
      if (phoneOnline) await phone.report()
      const early = await bookedFor(place, shown)
      if (phoneOnline || chargerOnline) {
        expect(early?.state).toBe('settled')
        expect(early?.postedMinor).toBeGreaterThan(0)
      } else {
        expect(early).toBeUndefined()
      }
      // Later everybody has a network, and both tell everything, also what the other has told before.
      world.links.up.add(charger.id)
      await world.pass(600)
      await phone.report()
      const late = await bookedFor(place, shown)
      expect(late).toMatchObject({ state: 'settled', disputedMinor: 0 })
      if (early !== undefined) expect(late).toEqual(early)
      const posted = await postedOf(place, shown)
      expect(posted).toBeGreaterThan(0)
      await phone.report()
      await world.pass(600)
      expect(await bookedFor(place, shown)).toEqual(late)
      expect(await postedOf(place, shown)).toBe(posted)
      expect((await world.cloud.books()).cases).toEqual([])
      expect(trace.violations).toEqual([])
    })
  },
)

test('the four ways cost the same', async () => {
  const costs: (number | null | undefined)[] = []
  for (const phoneOnline of [true, false]) {
    for (const chargerOnline of [true, false]) {
      const place = await meet(chargerOnline)
      if (phoneOnline) await place.phone.report()
      const shown = await ceremony(place)
      place.world.links.up.add(place.charger.id)
      await place.world.pass(600)
      await place.phone.report()
      costs.push((await bookedFor(place, shown))?.postedMinor)
    }
  }
  expect(costs[0]).toBeGreaterThan(0)
  expect(new Set(costs).size).toBe(1)
})
