import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { toBytes, toHex } from '@/lib/core/bytes'
import { messageHash } from '@/lib/core/ids'
import { minorUnits, seconds, wattHours } from '@/lib/core/units'
import { hpkePair, sealWithHpke } from '@/lib/crypto/hpke'
import { sealedBytesMore, type SealingPair } from '@/lib/crypto/sealing'
import { encodeCbor } from '@/lib/protocol/cbor'
import { compactSession, type SignedSession } from '@/lib/letter/compact-session'
import { fittingSessions, letterBytes, openLetter, sealLetter, sessionsIn } from '@/lib/letter/letter'
import { framesOf, joinFrames, readFrame, roomIn } from '@/lib/letter/frames'
import { charged, chargerOf, phoneOf, signedSession } from '@/tests/fixtures/letter-sessions'

let operator: SealingPair
let stranger: SealingPair
/** Four sessions of two drivers at one charger, of whom one comes three times. */
let sessions: readonly SignedSession[]
let hashes: ReadonlyMap<string, string>

beforeAll(async () => {
  operator = await hpkePair(randomBytes(32))
  stranger = await hpkePair(randomBytes(32))
  const charger = chargerOf()
  const [often, once] = [await phoneOf(), await phoneOf()]
  const made: SignedSession[] = []
  for (const phone of [often, often, once, often])
    made.push(signedSession(await charged(charger, phone), phone))
  sessions = made
  hashes = new Map([often, once].map(({ serial, grant }) => [serial, grant.hash]))
})

const grantHashOf = (serial: string) => {
  const hash = hashes.get(serial)
  return hash === undefined ? undefined : messageHash(hash)
}
const bytesOf = (all: readonly (SignedSession | undefined)[]) =>
  all.map((one) => one && [one.offer, one.authorization, one.receipt].map(({ bytes }) => toHex(bytes)))

async function sent(all: readonly SignedSession[]) {
  const sealed = await sealLetter(all, operator.publicKey, sealWithHpke)
  return { sealed, opened: await openLetter(sealed.bytes, [stranger.unseal, operator.unseal]) }
}

describe('a letter', () => {
  test('brings the very bytes that were signed, and a key for the answer that only its ends have', async () => {
    const { sealed, opened } = await sent(sessions)
    expect(opened?.answerKey).toEqual(sealed.answerKey)
    expect(bytesOf(sessionsIn(opened!, grantHashOf))).toEqual(bytesOf(sessions))
    expect(sealed.bytes).toHaveLength(letterBytes(sessions, sealedBytesMore))
    expect(await openLetter(sealed.bytes, [stranger.unseal])).toBeUndefined()
  })

  test('costs less than one message of 340 bytes a session, where there are two', () => {
    const bytes = sessions.map((_, index) => letterBytes(sessions.slice(0, index + 1), sealedBytesMore))
    const messages = bytes.map((each) => Math.ceil(each / roomIn(1, 340)))
    expect(messages).toEqual([2, 2, 3, 4])
    const plain = sessions.flatMap(({ offer, authorization, receipt }) => [offer, authorization, receipt])
    const whole = plain.reduce((sum, { bytes: each }) => sum + each.length, 0)
    expect((bytes.at(-1) ?? 0) / whole).toBeLessThan(0.72)
  })

  test('whatever a charger and a wallet may sign comes back, expected or not', async () => {
    const charger = chargerOf()
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            energyWh: fc.integer({ min: 0, max: 200_000 }),
            odd: fc.record(
              {
                totalMinor: fc.nat(5_000).map(minorUnits),
                idleS: fc.nat(9_000).map(seconds),
                counter: fc.nat(100_000),
                meterRecordHash: fc.constant(messageHash('ab'.repeat(16))),
                clockQuality: fc.constantFrom('unknown' as const, 'relative' as const),
                stopReason: fc.constantFrom('limit' as const, 'power-cut' as const),
                sightings: fc.constant([]),
                meterStartWh: fc.nat(10_000_000).map(wattHours),
              },
              { requiredKeys: [] },
            ),
          }),
          { minLength: 1, maxLength: 4 },
        ),
        async (plans) => {
          const phone = await phoneOf()
          const made: SignedSession[] = []
          for (const { energyWh, odd } of plans)
            made.push(signedSession(await charged(charger, phone, odd, energyWh), phone))
          const { opened } = await sent(made)
          expect(bytesOf(sessionsIn(opened!, () => phone.grant.hash))).toEqual(bytesOf(made))
        },
      ),
      { numRuns: 60 },
    )
  })

  test('a session of a grant that nobody knows, and what follows it, is missing; what stands before it is there', async () => {
    const { opened } = await sent(sessions)
    const known = sessionsIn(opened!, (serial) =>
      serial === sessions[2]?.serial ? undefined : grantHashOf(serial),
    )
    expect(known.map((one) => one !== undefined)).toEqual([true, true, false, false])
  })

  test('of another grant than the charger saw it comes to other bytes, or to none', async () => {
    const { opened } = await sent(sessions.slice(0, 1))
    const [forged] = sessionsIn(opened!, () => messageHash('00'.repeat(16)))
    expect(bytesOf([forged])).not.toEqual(bytesOf(sessions.slice(0, 1)))
  })

  test('damaged, cut off, or of another version it opens to nothing, and garbage in it to no session', async () => {
    const { sealed } = await sent(sessions)
    for (const place of [0, 31, 40, sealed.bytes.length - 1]) {
      const damaged = toBytes(sealed.bytes)
      damaged[place] = (damaged[place] ?? 0) ^ 1
      expect(await openLetter(damaged, [operator.unseal])).toBeUndefined()
    }
    const label = new TextEncoder().encode('outpost letter 1')
    const plain = async (value: Parameters<typeof encodeCbor>[0]) =>
      openLetter(await sealWithHpke(operator.publicKey, encodeCbor(value), label), [operator.unseal])
    expect(await plain([2, []])).toBeUndefined()
    expect(await plain([1, [], new Uint8Array(3)])).toBeUndefined()
    expect(await plain([1, 'none'])).toBeUndefined()
    expect(await plain(7)).toBeUndefined()
    const parts = compactSession(sessions[0]!, undefined) as readonly Parameters<typeof encodeCbor>[0][]
    for (const index of [0, 1, 2]) {
      const garbage = parts.map((part, place) => (place === index ? new Map([[3, 'x']]) : part))
      const opened = await plain([1, [garbage]])
      expect(sessionsIn(opened!, grantHashOf)).toEqual([undefined])
    }
  })

  test('any differences at all give a session or none, and never an exception', async () => {
    const value = fc.oneof(fc.integer(), fc.boolean(), fc.string(), fc.uint8Array({ maxLength: 70 }))
    const map = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), value)).map((pairs) => new Map(pairs))
    const [real] = sessions
    const signatures = (compactSession(real!, undefined) as readonly unknown[])[4] as Uint8Array
    fc.assert(
      fc.property(map, map, map, (one, two, three) => {
        const compact = [one, two, three, Buffer.from(real!.serial, 'hex'), signatures]
        sessionsIn({ sessions: [compact as never] }, grantHashOf)
      }),
      { numRuns: 500 },
    )
  })

  test('as many sessions go into it as fit', () => {
    const rules = { sealMoreBytes: sealedBytesMore }
    expect(fittingSessions(sessions, { ...rules, bytesMax: roomIn(2, 340) })).toHaveLength(2)
    expect(fittingSessions(sessions, { ...rules, bytesMax: roomIn(16, 340) })).toHaveLength(4)
    expect(fittingSessions(sessions, { ...rules, bytesMax: 100 })).toHaveLength(0)
  })
})

describe('messages of a modem', () => {
  const sealed = toBytes(randomBytes(1_000))
  const frames = framesOf('part', 0xfedcba98, sealed, 340)!

  test('come in any order, any number of times', () => {
    expect(frames.map(({ length }) => length)).toEqual([340, 340, 338])
    const read = [2, 0, 2, 1, 0].map((index) => readFrame(frames[index]!)!)
    expect(joinFrames(read)).toEqual(sealed)
    expect(joinFrames(read.slice(0, 3))).toBeUndefined()
    expect(joinFrames([])).toBeUndefined()
  })

  test('of another letter, count or kind do not belong to it', () => {
    const other = framesOf('part', 1, sealed, 340)!
    const answer = framesOf('answer', 0xfedcba98, sealed, 340)!
    const mixed = [frames[0]!, other[1]!, answer[1]!, frames[2]!].map((frame) => readFrame(frame)!)
    expect(joinFrames(mixed)).toBeUndefined()
  })

  test('what is no frame is none, and what needs more than sixteen is not cut', () => {
    expect(readFrame(new Uint8Array(6))).toBeUndefined()
    expect(readFrame(Uint8Array.of(9, 0, 0, 0, 1, 0, 7))).toBeUndefined()
    expect(readFrame(Uint8Array.of(1, 0, 0, 0, 1, 0x20, 7))).toBeUndefined()
    expect(framesOf('part', 1, toBytes(randomBytes(roomIn(16, 340))), 340)).toHaveLength(16)
    expect(framesOf('part', 1, toBytes(randomBytes(roomIn(16, 340) + 1)), 340)).toBeUndefined()
    expect(framesOf('part', 1, sealed, 6)).toBeUndefined()
  })
})
