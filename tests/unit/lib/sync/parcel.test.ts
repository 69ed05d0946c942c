import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toBytes, toHex, utf8 } from '@/lib/core/bytes'
import { expectOk, type Result } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import { hpkePair, sealWithHpke } from '@/lib/crypto/hpke'
import { decodeParcel, encodeParcel, keyIdOf, openParcel, packParcel, parcelSecret } from '@/lib/sync/parcel'

const refusalOf = <E>(result: Result<unknown, E>): E => {
  if (result.ok) throw new Error('It was not refused')
  return result.error
}

const secret = parcelSecret(new Uint8Array(32).fill(9))
const operator = await hpkePair(new Uint8Array(32).fill(5))
const keys = new Map([[keyIdOf(operator.publicKey), operator.unseal]])
const bundle = utf8('a bundle, and whose energy it was')

const packed = (of = bundle) =>
  packParcel(
    {
      ...{ bundle: of, secret, to: operator.publicKey, lifetimeH: 720, priority: 'urgent' as const },
      nowS: epochSeconds(1_700_001_234),
    },
    sealWithHpke,
  )

test('the operator finds the bundle and the key of its answer; a carrier finds neither', async () => {
  const parcel = await packed()
  const bytes = encodeParcel(parcel)
  const content = expectOk(await openParcel(expectOk(decodeParcel(bytes), 'decode'), keys), 'open')
  expect(content.bundle).toEqual(bundle)
  expect(content.answerKey).toEqual(secret.answerKeyOf(parcel.label.id))
  expect(toHex(bytes)).not.toContain(toHex(bundle.subarray(0, 8)))
  expect(toHex(bytes)).not.toContain(toHex(content.answerKey))
})

test('the label tells the hour and not the minute', async () => {
  expect((await packed()).label.madeAtS % 3_600).toBe(0)
})

test('one bundle is one parcel, however often it is sealed; two bundles are two', async () => {
  const [first, again, other] = await Promise.all([packed(), packed(), packed(utf8('another'))])
  expect(again.label.id).toBe(first.label.id)
  expect(again.sealed).not.toEqual(first.sealed)
  expect(other.label.id).not.toBe(first.label.id)
  expect(other.label.mailbox).toBe(first.label.mailbox)
})

test('another device has another mailbox, other ids and other keys', () => {
  const other = parcelSecret(new Uint8Array(32).fill(10))
  expect(other.mailbox).not.toBe(secret.mailbox)
  expect(other.idOf(bundle)).not.toBe(secret.idOf(bundle))
  expect(other.answerKeyOf(secret.idOf(bundle))).not.toEqual(secret.answerKeyOf(secret.idOf(bundle)))
})

test('a parcel for a key that the operator no longer has is told apart from a damaged one', async () => {
  expect(refusalOf(await openParcel(await packed(), new Map())).code).toBe('parcel.key')
})

test('no carrier can alter anything: any flipped bit of seal or label is found', async () => {
  const bytes = encodeParcel(await packed())
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 7 }), async (at, bit) => {
      const altered = toBytes(bytes)
      altered[at] = (altered[at] ?? 0) ^ (1 << bit)
      const parcel = decodeParcel(altered)
      if (!parcel.ok) return
      expect((await openParcel(parcel.value, keys)).ok).toBe(false)
    }),
    { numRuns: 60 },
  )
})

test('what is no parcel is refused, whatever it is', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(refusalOf(decodeParcel(bytes)).code).toBe('parcel.unreadable')
    }),
  )
})

test('the key pair of RFC 9180, A.1.1 is drawn from its seed', async () => {
  const seed = '6db9df30aa07dd42ee5e8181afdb977e538f5e1fec8a06223f33f7013e525037'
  const pair = await hpkePair(Uint8Array.from(seed.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)))
  expect(pair.publicKey).toBe('3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d')
})
