/**
 * Messages are read straight into their fields. Whatever the bytes, that gives what the way over a decoded value gives,
 * and refuses what that refuses; and what is accepted would be written as the very same bytes.
 */

import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import { toHex, type Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import { decodeCbor, decodeCborInPlace, encodeCbor, type CborMap, type CborValue } from '@/lib/protocol/cbor'
import { CborReader } from '@/lib/protocol/cbor-reader'
import {
  at,
  boolean,
  bytesUpTo,
  choice,
  hexBytes,
  integer,
  label,
  list,
  optional,
  readField,
  struct,
  tuple,
  uint,
  type Field,
} from '@/lib/protocol/fields'
import { decodeJournalEvent, encodeJournalEvent } from '@/lib/protocol/journal-event'
import { parseMessage, readMessage } from '@/lib/protocol/message'
import { journalEvents } from '@/scripts/fuzz/journal-corpus'
import { payloadOf } from '@/scripts/fuzz/message-targets'
import { mutate, poolOf } from '@/scripts/fuzz/mutate'
import { storyNames, wireTypeOf } from '@/scripts/fuzz/wire-types'
import { Dice } from '@/simulator/world/dice'
import { tellStory } from '../fixtures/messages'

const bytesMax = 20_000
const story = await tellStory()
const payloads = storyNames.map((name) => payloadOf(story[name].bytes) as Bytes)

const everyKind = struct({
  flag: at(0, boolean),
  count: at(1, uint(70_000)),
  hex: at(
    2,
    hexBytes(2, (hex) => hex),
  ),
  bytes: optional(3, bytesUpTo(300)),
  name: optional(4, label(80)),
  word: at(5, choice(['one', 'two'])),
  places: optional(9, list(tuple({ left: uint(5), right: integer((value) => value) }), 3, 1)),
  inner: optional(23, struct({ only: optional(1, boolean) })),
})
const whole = everyKind.encode({
  ...{ flag: false, count: 65_536, hex: 'ab01', bytes: new Uint8Array(256), name: 'Straße '.repeat(11) },
  ...{ word: 'two', places: [{ left: 1, right: Number.MAX_SAFE_INTEGER }], inner: { only: true } },
})
const bare = everyKind.encode({ flag: true, count: 0, hex: '0000', word: 'one' })

function byDecoding(field: Field<unknown>, bytes: Uint8Array): unknown {
  const decoded = decodeCborInPlace(bytes, bytesMax)
  if (!decoded.ok) return undefined
  const value = field.decode(decoded.value, '')
  return value.ok ? value.value : undefined
}

function agree(field: Field<unknown>, bytes: Bytes): 'accepted' | 'refused' {
  const read = readField(field, bytes)
  const decoded = byDecoding(field, bytes)
  if (!isDeepStrictEqual(read, decoded) || namesIn(read) !== namesIn(decoded))
    throw new Error(`Two readings of ${toHex(bytes)}`)
  if (read === undefined) return 'refused'
  if (toHex(encodeCbor(field.encode(read))) !== toHex(bytes))
    throw new Error(`Another spelling of ${toHex(bytes)}`)
  return 'accepted'
}

/** In their order, too: traces hash what is read. */
const namesIn = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => (part instanceof Uint8Array ? toHex(part) : part)) ?? ''

const isReadable = (name: (typeof storyNames)[number]): boolean => wireTypeOf(name).payload.read !== undefined

test('every message is read so but those with rules across fields, or with fields out of order', () => {
  expect(storyNames.filter((name) => !isReadable(name))).toEqual([...['policy', 'permit', 'revocationDelta']])
})

describe('both ways agree', () => {
  const inputs = [...payloads, encodeCbor(whole), encodeCbor(bare)]
  const fields = [...storyNames.filter(isReadable).map((name) => wireTypeOf(name).payload), everyKind]

  test('on every message as any other', () => {
    const accepted = fields.flatMap((field) => inputs.filter((bytes) => agree(field, bytes) === 'accepted'))
    expect(accepted.length).toBeGreaterThanOrEqual(fields.length)
  })

  test('on what was cut short, and on one byte more', () => {
    for (const field of fields)
      for (const bytes of inputs.slice(-3))
        for (let end = 0; end <= bytes.length; end += 1) agree(field, bytes.slice(0, end))
    for (const bytes of inputs) expect(agree(everyKind, new Uint8Array([...bytes, 0]))).toBe('refused')
  })

  test('on damage of every kind, and on noise', () => {
    const dice = new Dice('fields')
    const pool = poolOf(inputs)
    let accepted = 0
    for (let run = 0; run < 6_000; run += 1) {
      const at = dice.below(fields.length)
      const field = fields[at] ?? everyKind
      const genuine = payloadsOf(field)
      const input = dice.chance(0.9)
        ? mutate(dice, dice.pick(genuine), pool)
        : dice.bytes(dice.between(0, 60))
      if (agree(field, input) === 'accepted') accepted += 1
    }
    expect(accepted).toBeGreaterThan(300)
  })

  const payloadsOf = (field: Field<unknown>): readonly Bytes[] => {
    const name = storyNames.find((one) => wireTypeOf(one).payload === field)
    return name === undefined
      ? [encodeCbor(whole), encodeCbor(bare)]
      : [payloadOf(story[name].bytes) as Bytes]
  }

  test.each([
    [
      'keys out of order',
      new Map<number, CborValue>([
        [1, 0],
        [0, true],
      ]),
    ],
    ['a key that nobody knows', new Map([...(bare as CborMap), [7, 1]])],
    ['a key that nobody knows, of two bytes', new Map([...(bare as CborMap), [24, 1]])],
    ['a key below zero', new Map([...(bare as CborMap), [-1, 1]])],
    ['a key too few', new Map([...(bare as CborMap)].slice(1))],
    ['a list that is too short', new Map([...(bare as CborMap), [9, []]])],
    [
      'a list that is too long',
      new Map([
        ...(bare as CborMap),
        [
          9,
          [
            [1, 1],
            [1, 1],
            [1, 1],
            [1, 1],
          ],
        ],
      ]),
    ],
    ['no map', [...(bare as CborMap).values()]],
    ['a number', 5],
  ])('on %s', (_name, value) => {
    expect(agree(everyKind, encodeCbor(value as CborValue))).toBe('refused')
  })
})

describe('the caps hold', () => {
  test('on nesting', () => {
    const nested = (levels: number): Field<unknown> =>
      Array.from({ length: levels }).reduce<Field<unknown>>((inner) => list(inner, 1), uint(1))
    for (let levels = 1; levels < limits.cborDepthMax + 3; levels += 1) {
      const bytes = encodeCbor(Array.from({ length: levels }).reduce<CborValue>((inner) => [inner], 1))
      expect(agree(nested(levels), bytes)).toBe(levels < limits.cborDepthMax ? 'accepted' : 'refused')
    }
  })

  test('on entries, keys among them', () => {
    const field = list(struct({ one: at(1, boolean) }), limits.cborEntriesMax)
    const fits = Math.floor((limits.cborEntriesMax - 1) / 3)
    const bytes = (count: number): Bytes =>
      encodeCbor(Array.from({ length: count }, () => new Map([[1, true]])))
    expect(agree(field, bytes(fits))).toBe('accepted')
    expect(agree(field, bytes(fits + 1))).toBe('refused')
    expect(agree(list(uint(1), 10_000), encodeCbor(Array.from({ length: 2_047 }, () => 1)))).toBe('accepted')
    expect(agree(list(uint(1), 10_000), encodeCbor(Array.from({ length: 2_048 }, () => 1)))).toBe('refused')
  })
})

test('damaged messages: whoever reads them, the parts are those of the COSE structure, in its one spelling', () => {
  const dice = new Dice('messages')
  const pool = poolOf(storyNames.map((name) => story[name].bytes))
  let accepted = 0
  for (let run = 0; run < 3_000; run += 1) {
    const name = dice.pick(storyNames)
    const type = wireTypeOf(name)
    const bytes = mutate(dice, story[name].bytes, pool)
    const parsed = parseMessage(type, bytes)
    const read = readMessage(type, bytes)
    if (parsed.ok !== read.ok) throw new Error(`Two verdicts on ${toHex(bytes)}`)
    if (!parsed.ok || !read.ok) continue
    accepted += 1
    const { payload, hash, signature } = parsed.value
    expect([read.value.hash, read.value.payload]).toEqual([hash, payload])
    const header = Uint8Array.of(0xa1, 0x01, 0x32)
    const again = encodeCbor([header, new Map(), encodeCbor(type.payload.encode(payload)), signature])
    expect(toHex(again)).toBe(toHex(bytes))
  }
  expect(accepted).toBeGreaterThan(100)
})

test('damaged events: what is accepted would be written as the very same bytes', () => {
  const dice = new Dice('events')
  const events = journalEvents(story)
  const pool = poolOf(events)
  let accepted = 0
  for (const event of events) expect(decodeJournalEvent(event).ok).toBe(true)
  for (let run = 0; run < 6_000; run += 1) {
    const bytes = mutate(dice, dice.pick(events), pool)
    const decoded = decodeJournalEvent(bytes)
    if (!decoded.ok) continue
    accepted += 1
    if (toHex(encodeJournalEvent(decoded.value)) !== toHex(bytes)) throw new Error(toHex(bytes))
  }
  expect(accepted).toBeGreaterThan(100)
})

test('a reader takes only what is asked for', () => {
  const of = (value: CborValue): CborReader => new CborReader(encodeCbor(value), true)
  expect([of('a').takeUnsigned(), of(-1).takeUnsigned(), of(1).takeText()]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  expect([of(1).takeBoolean(), of('a').takeBytes(), of(new Uint8Array(2)).takeHex(3)]).toEqual([
    ...[undefined, undefined, undefined],
  ])
  expect([of([]).openMap(), of(new Map()).openArray(), of([1, 2]).openArray()]).toEqual([-1, -1, 2])
  expect(decodeCbor(Uint8Array.of(0x42, 1)).ok).toBe(false)
  expect(new CborReader(Uint8Array.of(0x42, 1), true).takeHex(2)).toBeUndefined()
})
