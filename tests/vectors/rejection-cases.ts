/**
 * Makes the rejection vectors out of the golden messages: one thing wrong in each. What is expected follows from what
 * was done to the message, never from what the decoder says.
 */

import { concat, fromHex, toBytes, toHex, utf8, type Bytes } from '@/lib/core/bytes'
import type { Signer } from '@/lib/crypto/signature'
import type { DecodeFault } from '@/lib/protocol/cbor'
import { byteString, raw, readTree, uint, writeTree, type Entry, type Tree } from '@/scripts/fuzz/cbor-tree'

/** `signature`: well formed, and refused because the named key did not sign it as this type. */
export type Expected = DecodeFault['kind'] | 'signature'

export interface Rejection {
  readonly name: string
  /** The message that it is presented as, by its name on the wire. */
  readonly type: string
  /** The only key whose signature would do. */
  readonly signer: string
  readonly bytes: string
  readonly expected: Expected
}

export interface Golden {
  readonly type: string
  readonly signer: Signer
  readonly bytes: Uint8Array
  /** Keys that may be left out where the golden message has them. */
  readonly optionalKeys: readonly number[]
}

const protectedHeader = fromHex('a10132')
/** Order of the base point, little endian. */
const groupOrder = fromHex('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010')

export async function rejectionsOf(golden: Golden, other: Golden): Promise<Rejection[]> {
  const message = open(golden.bytes)
  const cases: readonly Case[] = [
    ...frameCases(golden.bytes, message),
    ...payloadCases(message),
    ...message.entries.flatMap((entry) => fieldCases(message, entry, golden.optionalKeys)),
    ...ownCases(golden.type, message),
    ...(await signatureCases(golden, other, message)),
  ]
  return cases.map(([name, bytes, expected]) => ({
    name: `${golden.type}: ${name}`,
    type: golden.type,
    signer: golden.signer.publicKey,
    bytes: toHex(bytes),
    expected,
  }))
}

type Case = readonly [name: string, bytes: Uint8Array, expected: Expected]

interface Opened {
  readonly entries: readonly Entry[]
  readonly payload: Bytes
  readonly signature: Uint8Array
}

function open(bytes: Uint8Array): Opened {
  const outer = readTree(bytes)
  const [, , payload, signature] = outer?.kind === 'array' ? outer.items : []
  if (payload?.kind !== 'bytes' || payload.inner?.kind !== 'map' || signature?.kind !== 'bytes')
    throw new Error('A golden message is COSE_Sign1 around a map')
  return { entries: payload.inner.entries, payload: toBytes(payload.bytes), signature: signature.bytes }
}

const map = (...entries: readonly Entry[]): Tree => ({ kind: 'map', entries })
const array = (...items: readonly Tree[]): Tree => ({ kind: 'array', items })
const header = byteString(protectedHeader)

const sign1 = (payload: Uint8Array, signature: Uint8Array): Bytes =>
  writeTree(array(header, map(), byteString(payload), byteString(signature)))

/** The COSE_Sign1 around the payload. */
function frameCases(bytes: Uint8Array, { payload, signature }: Opened): Case[] {
  const body = byteString(payload)
  const signed = byteString(signature)
  const framed = (...items: readonly Tree[]): Bytes => writeTree(array(...items))
  return [
    ['empty', new Uint8Array(), 'malformed'],
    ['last byte missing', bytes.subarray(0, -1), 'malformed'],
    ['cut in the middle', bytes.subarray(0, Math.floor(bytes.length / 2)), 'malformed'],
    ['a byte behind', concat(bytes, Uint8Array.of(0)), 'malformed'],
    ['twice', concat(bytes, bytes), 'malformed'],
    ['tagged as COSE_Sign1 (18)', concat(Uint8Array.of(0xd2), bytes), 'malformed'],
    ['array of indefinite length', writeTree({ ...framedTree(body, signed), indefinite: true }), 'malformed'],
    ['three items', framed(header, map(), body), 'wrong-shape'],
    ['five items', framed(header, map(), body, signed, uint(0)), 'wrong-shape'],
    ['alg EdDSA (-8)', framed(byteString(fromHex('a10127')), map(), body, signed), 'wrong-shape'],
    ['alg ES256 (-7)', framed(byteString(fromHex('a10126')), map(), body, signed), 'wrong-shape'],
    ['no alg', framed(byteString(fromHex('a0')), map(), body, signed), 'wrong-shape'],
    ['empty protected header', framed(byteString(new Uint8Array()), map(), body, signed), 'wrong-shape'],
    ['a key id besides alg', framed(byteString(fromHex('a20132044100')), map(), body, signed), 'wrong-shape'],
    ['protected header not wrapped', framed(map([uint(1), raw(0x32)]), map(), body, signed), 'wrong-shape'],
    [
      'unprotected header with a key id',
      framed(header, map([uint(4), byteString(Uint8Array.of(1))]), body, signed),
      'wrong-shape',
    ],
    ['unprotected header is an array', framed(header, array(), body, signed), 'wrong-shape'],
    ['payload detached', framed(header, map(), raw(0xf6), signed), 'malformed'],
    ['payload not wrapped', framed(header, map(), map(), signed), 'wrong-shape'],
    ['signature of 63 bytes', sign1(payload, signature.subarray(1)), 'wrong-shape'],
    ['signature of 65 bytes', sign1(payload, concat(signature, Uint8Array.of(0))), 'wrong-shape'],
    ['no signature', sign1(payload, new Uint8Array()), 'wrong-shape'],
  ]
}

const framedTree = (body: Tree, signed: Tree) =>
  ({ kind: 'array', items: [header, map(), body, signed] }) as const

/** The payload map as a whole. Signatures stay, because a decoder must refuse before it verifies. */
function payloadCases({ entries, signature, payload }: Opened): Case[] {
  const [first, ...rest] = entries
  const last = entries.at(-1)
  if (first === undefined || last === undefined) throw new Error('A golden payload has fields')
  const made = (tree: Tree): Bytes => sign1(writeTree(tree), signature)
  const withFirst = (value: Tree): Bytes => made(map([first[0], value], ...rest))
  return [
    ['payload empty', sign1(new Uint8Array(), signature), 'malformed'],
    ['payload truncated', sign1(payload.subarray(0, -1), signature), 'malformed'],
    ['a byte behind the payload', sign1(concat(payload, Uint8Array.of(0)), signature), 'malformed'],
    ['payload is an array', made(array(...entries.map(([, value]) => value))), 'wrong-shape'],
    ['payload without fields', made(map()), 'wrong-shape'],
    ['payload map of indefinite length', made({ kind: 'map', entries, indefinite: true }), 'malformed'],
    ['an unknown key', made(map(...entries, [uint(99), uint(1)])), 'wrong-shape'],
    ['a text key', made(map(...entries, [{ kind: 'text', bytes: utf8('1') }, uint(1)])), 'malformed'],
    ['an array as a key', made(map(...entries, [array(), uint(1)])), 'malformed'],
    ['a negative key', made(map(...entries, [raw(0x20), uint(1)])), 'wrong-shape'],
    ['a key twice', made(map(first, first, ...rest)), 'malformed'],
    ['keys out of order', made(map(...entries.toReversed())), 'not-deterministic'],
    ['a long key', made(map([uint(1, 1), first[1]], ...rest)), 'malformed'],
    ['a float', withFirst(raw(0xf9, 0x3c, 0x00)), 'malformed'],
    ['null', withFirst(raw(0xf6)), 'malformed'],
    ['undefined', withFirst(raw(0xf7)), 'malformed'],
    [
      'a tag',
      withFirst({ kind: 'raw', bytes: concat(Uint8Array.of(0xc1), writeTree(first[1])) }),
      'malformed',
    ],
    ['an integer beyond 2^53', withFirst(raw(0x1b, 0x00, 0x20, 0, 0, 0, 0, 0, 0)), 'malformed'],
    [
      'a text that is not UTF-8',
      withFirst({ kind: 'text', bytes: Uint8Array.of(0xc3, 0x28) }),
      'not-deterministic',
    ],
    ['a string in pieces', withFirst(raw(0x5f, 0x41, 0x00, 0xff)), 'malformed'],
    ['a list that claims 2^32 items', withFirst(raw(0x9a, 0xff, 0xff, 0xff, 0xff)), 'malformed'],
    ['a text that claims 2^32 bytes', withFirst(raw(0x7a, 0xff, 0xff, 0xff, 0xff)), 'malformed'],
    ['nested a hundred deep', withFirst(raw(...Array.from({ length: 100 }, () => 0x81), 0)), 'malformed'],
    ['more than 4,096 bytes', withFirst(byteString(new Uint8Array(4_096))), 'too-large'],
  ]
}

/** One field, everything else as it was. */
function fieldCases(
  { entries, signature }: Opened,
  [key, value]: Entry,
  optionalKeys: readonly number[],
): Case[] {
  if (key.kind !== 'uint') throw new Error('Keys are small integers')
  const replaced = (tree: Tree): Bytes =>
    sign1(
      writeTree(map(...entries.map((entry): Entry => (entry[0] === key ? [key, tree] : entry)))),
      signature,
    )
  const without = sign1(writeTree(map(...entries.filter((entry) => entry[0] !== key))), signature)
  const name = `key ${key.value}`
  return [
    ...(optionalKeys.includes(key.value) ? [] : [[`${name} missing`, without, 'wrong-shape'] as const]),
    [`${name} is true`, replaced(raw(0xf5)), 'wrong-shape'],
    [`${name} is a map`, replaced(map()), 'wrong-shape'],
    ...wrongValues(value).map(([what, tree]) => [`${name} ${what}`, replaced(tree), 'wrong-shape'] as const),
  ]
}

/** Values of the right kind that no field of that kind may have. */
function wrongValues(value: Tree): readonly (readonly [string, Tree])[] {
  switch (value.kind) {
    case 'uint':
      return [
        ['negative', raw(0x20)],
        ['as text', { kind: 'text', bytes: utf8(String(value.value)) }],
      ]
    case 'bytes':
      return [['one byte longer', byteString(concat(value.bytes, Uint8Array.of(0)))]]
    case 'text':
      return [
        ['with a control character', { kind: 'text', bytes: concat(value.bytes, Uint8Array.of(7)) }],
        ['empty', { kind: 'text', bytes: new Uint8Array() }],
        ['as bytes', byteString(value.bytes)],
      ]
    case 'array':
      return [
        ['with a foreign item', array(...value.items, raw(0xf5))],
        ['with too many items', tooMany(value.items[0] ?? uint(0))],
      ]
    default:
      return []
  }
}

/** More than any list takes, and still within the cap on bytes. */
const tooMany = (item: Tree): Tree =>
  array(...Array.from({ length: writeTree(item).length < 10 ? 401 : 20 }, () => item))

/** What only one message can get wrong. Ids must rise strictly; a permit is one of three things. */
function ownCases(type: string, { entries, signature }: Opened): Case[] {
  const changed = (changes: Readonly<Record<number, Tree | undefined>>): Bytes => {
    const kept = entries.filter(([key]) => key.kind === 'uint' && !(key.value in changes))
    const added = Object.entries(changes).flatMap(([key, value]): Entry[] =>
      value === undefined ? [] : [[uint(Number(key)), value]],
    )
    const keyOf = ([key]: Entry): number => (key.kind === 'uint' ? key.value : 0)
    const sorted = [...kept, ...added].sort((left, right) => keyOf(left) - keyOf(right))
    return sign1(writeTree(map(...sorted)), signature)
  }
  const session = byteString(new Uint8Array(16))
  switch (type) {
    case 'revocation-delta':
      return [
        ['ids that fall', changed({ 5: byteString(fromHex('deadbeef0badcafe')) }), 'wrong-shape'],
        ['an id twice', changed({ 5: byteString(fromHex('0badcafe0badcafe')) }), 'wrong-shape'],
        ['201 ids', changed({ 5: byteString(manyIds(201)) }), 'wrong-shape'],
      ]
    case 'permit':
      return [
        ['a raise without its amount', changed({ 5: undefined }), 'wrong-shape'],
        ['a raise of a session', changed({ 3: session, 4: undefined }), 'wrong-shape'],
        ['a raise of a session and a grant', changed({ 3: session }), 'wrong-shape'],
        ['a veto with an amount', changed({ 2: uint(0) }), 'wrong-shape'],
        ['a veto of nothing', changed({ 2: uint(0), 4: undefined, 5: undefined }), 'wrong-shape'],
        ['a veto of a session and a grant', changed({ 2: uint(0), 3: session, 5: undefined }), 'wrong-shape'],
      ]
    case 'voucher':
      return [['no site', changed({ 7: array() }), 'wrong-shape']]
    case 'answer':
      return [['a verdict that no reason has', changed({ 2: uint(65_535) }), 'wrong-shape']]
    default:
      return []
  }
}

const manyIds = (count: number): Bytes =>
  concat(...Array.from({ length: count }, (_, index) => Uint8Array.of(0, 0, index >> 8, index & 255)))

async function signatureCases(golden: Golden, other: Golden, message: Opened): Promise<Case[]> {
  const { payload, signature } = message
  const flipped = (at: number): Bytes => {
    const changed = toBytes(signature)
    changed[at] = (changed[at] ?? 0) ^ 1
    return changed
  }
  const toSign = (type: string, version = 1, alg = protectedHeader): Bytes =>
    writeTree(
      array(
        { kind: 'text', bytes: utf8('Signature1') },
        byteString(alg),
        byteString(utf8(`outpost/${version}/${type}`)),
        byteString(payload),
      ),
    )
  const signedAs = (...as: Parameters<typeof toSign>): Promise<Uint8Array> =>
    golden.signer.sign(toSign(...as))
  return [
    ['first bit of R flipped', sign1(payload, flipped(0)), 'signature'],
    ['first bit of S flipped', sign1(payload, flipped(32)), 'signature'],
    [
      'S plus the group order',
      sign1(payload, concat(signature.subarray(0, 32), plusOrder(signature))),
      'signature',
    ],
    ['signature of zeros', sign1(payload, new Uint8Array(64)), 'signature'],
    ['signed by another key', sign1(payload, await other.signer.sign(toSign(golden.type))), 'signature'],
    ['signed as another type', sign1(payload, await signedAs(other.type)), 'signature'],
    ['signed as version 2', sign1(payload, await signedAs(golden.type, 2)), 'signature'],
    ['signed without a type', sign1(payload, await golden.signer.sign(payload)), 'signature'],
    ['signed with alg EdDSA', sign1(payload, await signedAs(golden.type, 1, fromHex('a10127'))), 'signature'],
    ['signature of another message', sign1(payload, open(other.bytes).signature), 'signature'],
  ]
}

/** The same S in a second spelling, as lax verifiers accept it. */
function plusOrder(signature: Uint8Array): Bytes {
  let carry = 0
  return toBytes(
    [...signature.subarray(32)].map((byte, index) => {
      const sum = byte + (groupOrder[index] ?? 0) + carry
      carry = sum >> 8
      return sum & 255
    }),
  )
}
