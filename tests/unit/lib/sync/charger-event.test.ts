import { expect, test } from 'vitest'
import { toBytes } from '@/lib/core/bytes'
import { epochSeconds } from '@/lib/core/units'
import { decodeChargerEvent, encodeChargerEvent, type ChargerEvent } from '@/lib/sync/charger-event'

const bytes = (length: number, fill: number) => toBytes(new Array<number>(length).fill(fill))
const timeS = epochSeconds(1_800_000_000)
const signed = {
  timeS,
  offer: bytes(310, 1),
  authorization: bytes(120, 2),
  grant: bytes(200, 3),
  answer: bytes(110, 4),
}

const events: ChargerEvent[] = [
  { kind: 'accepted', ...signed },
  { kind: 'accepted', ...signed, passkeyAssertion: bytes(290, 5) },
  { kind: 'declined', ...signed },
  { kind: 'ended', timeS, receipt: bytes(230, 6) },
  { kind: 'note', timeS, topic: 'booted', detail: bytes(0, 0) },
]

test.each(events)('a $kind event comes back from its bytes as it was', (event) => {
  expect(decodeChargerEvent(encodeChargerEvent(event))).toEqual({ ok: true, value: event })
})

test('an event with trailing or truncated bytes is refused', () => {
  const encoded = encodeChargerEvent(events[0]!)
  expect(decodeChargerEvent(encoded.subarray(0, -1)).ok).toBe(false)
  expect(decodeChargerEvent(toBytes([...encoded, 0])).ok).toBe(false)
})

test('an event that lacks one of its messages is refused', () => {
  const ended = encodeChargerEvent({ kind: 'ended', timeS, receipt: bytes(3, 6) })
  const asAccepted = toBytes([...ended])
  // Key 1 holds the kind as the first entry of the map: a2/a3 header, key 01, value.
  asAccepted[2] = 0
  expect(decodeChargerEvent(asAccepted)).toMatchObject({ ok: false, error: { kind: 'wrong-shape' } })
})
