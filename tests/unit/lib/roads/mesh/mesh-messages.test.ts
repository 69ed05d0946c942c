import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toHex } from '@/lib/core/bytes'
import { parcelId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { expectOk } from '@/lib/core/result'
import { meshCallMessage, meshReplyMessage } from '@/lib/roads/mesh/mesh-messages'

const hexOf = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => toHex(bytes))
const id = hexOf(16).map(parcelId)
const hopsLeft = fc.nat(limits.meshHopsMax)
const ageS = fc.nat(limits.meshLifetimeS)
const way = fc.option(fc.record({ hops: hopsLeft, ageS }), { nil: undefined })
const items = fc.array(fc.record({ id, hopsLeft }), { maxLength: 5 })
const bytes = fc.uint8Array({ maxLength: 40 })

const withoutNone = <T extends { readonly way?: unknown }>({ way: known, ...rest }: T) =>
  known === undefined ? rest : { ...rest, way: known }

test('what was asked and answered is read as it was written, and nothing shorter or longer is', () => {
  const call = fc.record({
    ...{ way, have: items },
    turnedAway: fc.array(id, { maxLength: 5 }),
    answered: fc.array(hexOf(8), { maxLength: 5 }),
  })
  const reply = fc.record({
    ...{ way, raised: items },
    parcels: fc.array(fc.record({ bytes, hopsLeft, ageS }), { maxLength: 3 }),
    answers: fc.array(bytes, { maxLength: 3 }),
  })
  fc.assert(
    fc.property(call, reply, fc.nat(10_000), (asked, answered, cut) => {
      const [question, answer] = [withoutNone(asked), withoutNone(answered)]
      const [one, other] = [meshCallMessage.encode(question), meshReplyMessage.encode(answer)]
      expect(expectOk(meshCallMessage.decode(one), 'call')).toEqual(question)
      expect(expectOk(meshReplyMessage.decode(other), 'reply')).toEqual(answer)
      for (const [message, whole] of [[meshCallMessage, one] as const, [meshReplyMessage, other] as const]) {
        expect(message.decode(whole.subarray(0, cut % whole.length)).ok).toBe(false)
        expect(message.decode(new Uint8Array([...whole, 0])).ok).toBe(false)
      }
    }),
    { numRuns: 100 },
  )
})

test('the largest question that the rules allow fits into its bound', () => {
  const full = Array.from({ length: limits.meshIdsMax }, (_, at) =>
    parcelId(at.toString(16).padStart(32, 'f')),
  )
  const call = {
    way: { hops: limits.meshHopsMax, ageS: limits.meshLifetimeS },
    have: full.map((one) => ({ id: one, hopsLeft: limits.meshHopsMax })),
    turnedAway: full,
    answered: full.map((one) => one.slice(16)),
  }
  expect(meshCallMessage.decode(meshCallMessage.encode(call))).toEqual({ ok: true, value: call })
  const reply = { parcels: [], raised: call.have, answers: [] }
  expect(meshReplyMessage.decode(meshReplyMessage.encode(reply))).toEqual({ ok: true, value: reply })
})

test('a parcel with more hops than there are is refused', () => {
  const have = (hopsLeft: number) => ({ have: [{ id: parcelId('a'.repeat(32)), hopsLeft }], ...rest })
  const rest = { turnedAway: [], answered: [] }
  expect(meshCallMessage.decode(meshCallMessage.encode(have(limits.meshHopsMax))).ok).toBe(true)
  expect(meshCallMessage.decode(meshCallMessage.encode(have(limits.meshHopsMax + 1))).ok).toBe(false)
})

const asking = (hops: number, age: number) => ({
  ...{ way: { hops, ageS: age }, have: [], turnedAway: [], answered: [] },
})

test.each([
  ['beyond the last hop', limits.meshHopsMax + 1, 0],
  ['older than any', 0, limits.meshLifetimeS + 1],
  ['from the future', 0, -1],
])('a way %s is refused', (_, hops, age) => {
  expect(meshCallMessage.decode(meshCallMessage.encode(asking(0, 0))).ok).toBe(true)
  expect(meshCallMessage.decode(meshCallMessage.encode(asking(hops, age))).ok).toBe(false)
})
