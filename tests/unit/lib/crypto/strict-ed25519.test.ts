import { Point } from '@noble/ed25519'
import { describe, expect, test } from 'vitest'
import { concat, fromHex, toBytes, toHex, utf8 } from '@/lib/core/bytes'
import { publicKey, type PublicKey } from '@/lib/core/ids'
import { sha256 } from '@/lib/crypto/hash'
import { isAcceptableKey } from '@/lib/crypto/key-check'
import { nobleSigner, verifyWithNoble } from '@/lib/crypto/noble'
import { nodeSigner, verifyWithNode } from '@/lib/crypto/node'
import { hash as sha512 } from '@noble/ed25519'

const message = utf8('one session, once')
const seed = sha256(utf8('strict'))
const order = Point.CURVE().n

const bothVerdicts = (key: PublicKey, signed: Uint8Array, signature: Uint8Array): readonly boolean[] => [
  verifyWithNoble(key, signed, signature),
  verifyWithNode(key, signed, signature),
]

const littleEndian = (value: bigint): Uint8Array => {
  const bytes = new Uint8Array(32)
  for (let index = 0, rest = value; index < 32; index += 1, rest >>= 8n) bytes[index] = Number(rest & 255n)
  return bytes
}
const toNumber = (bytes: Uint8Array): bigint => BigInt(`0x${toHex(toBytes([...bytes].reverse()))}`)

/** A point of order 8, by its canonical encoding (y of the curve's 8-torsion). */
const torsion = Point.fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', false)

describe('Ed25519 verdicts', () => {
  test('an honest signature by either adapter verifies on both', async () => {
    for (const signer of [nobleSigner(seed), nodeSigner(seed)]) {
      expect(bothVerdicts(signer.publicKey, message, await signer.sign(message))).toEqual([true, true])
    }
  })

  test('the two adapters derive one key from one seed and give identical signatures', async () => {
    expect(nobleSigner(seed).publicKey).toBe(nodeSigner(seed).publicKey)
    expect(toHex(await nobleSigner(seed).sign(message))).toBe(toHex(await nodeSigner(seed).sign(message)))
  })

  test('RFC 8032 test vector 3 verifies', () => {
    const key = publicKey('fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025')
    const signature = fromHex(
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    )
    expect(bothVerdicts(key, fromHex('af82'), signature)).toEqual([true, true])
  })

  test('every flipped bit of signature and message is refused by both', async () => {
    const signer = nodeSigner(seed)
    const signature = await signer.sign(message)
    for (let bit = 0; bit < 512; bit += 37) {
      const forged = toBytes(signature)
      forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(bothVerdicts(signer.publicKey, message, forged)).toEqual([false, false])
    }
    expect(bothVerdicts(signer.publicKey, utf8('one session, twice'), signature)).toEqual([false, false])
  })

  test('S plus the group order is refused: one signature has one spelling', async () => {
    const signer = nodeSigner(seed)
    const signature = await signer.sign(message)
    const malleated = concat(
      signature.subarray(0, 32),
      littleEndian(toNumber(signature.subarray(32)) + order),
    )
    expect(bothVerdicts(signer.publicKey, message, malleated)).toEqual([false, false])
  })

  test('a signature whose R carries torsion is refused, although the cofactored equation holds', () => {
    const key = nobleSigner(seed).publicKey
    const expanded = sha512(seed)
    const scalarBytes = toBytes(expanded.subarray(0, 32))
    scalarBytes[0] = (scalarBytes[0] ?? 0) & 248
    scalarBytes[31] = ((scalarBytes[31] ?? 0) & 127) | 64
    const nonce = 123_456_789n
    const r = Point.BASE.multiply(nonce).add(torsion).toBytes()
    const challenge = toNumber(sha512(concat(r, fromHex(key), message))) % order
    const s = (nonce + challenge * toNumber(scalarBytes)) % order
    expect(bothVerdicts(key, message, concat(r, littleEndian(s)))).toEqual([false, false])
  })
})

describe('unsound keys', () => {
  const smallOrder = [
    '0100000000000000000000000000000000000000000000000000000000000000',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0000000000000000000000000000000000000000000000000000000000000080',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  ]
  const nonCanonical = [
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  ]

  test.each([...smallOrder, ...nonCanonical])('%s is refused', (hex) => {
    const key = publicKey(hex)
    expect(isAcceptableKey(key)).toBe(false)
    const universal = concat(fromHex('01'), new Uint8Array(63))
    expect(bothVerdicts(key, message, universal)).toEqual([false, false])
  })

  test('a key of mixed order is refused', () => {
    const mixed = Point.fromHex(nobleSigner(seed).publicKey, false).add(torsion).toHex()
    expect(isAcceptableKey(publicKey(mixed))).toBe(false)
  })
})
