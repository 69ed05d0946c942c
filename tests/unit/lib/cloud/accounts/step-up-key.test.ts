import { generateKeyPairSync } from 'node:crypto'
import { encode } from 'cborg'
import { expect, test } from 'vitest'
import { toBytes } from '@/lib/core/bytes'
import { stepUpKeyOf } from '@/lib/cloud/accounts/step-up-key'

const cose = (entries: readonly (readonly [number, unknown])[]) => toBytes(encode(new Map(entries)))
const bytesOf = (text = '') => new Uint8Array(Buffer.from(text, 'base64url'))

test('a P-256 passkey becomes its compressed point', () => {
  const { x, y } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
  const key = stepUpKeyOf(
    cose([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, bytesOf(x)],
      [-3, bytesOf(y)],
    ]),
  )
  const sign = (bytesOf(y).at(-1) ?? 0) % 2 === 0 ? '02' : '03'
  expect(key).toEqual({ algorithm: 'ES256', publicKey: sign + Buffer.from(bytesOf(x)).toString('hex') })
})

test('an Ed25519 passkey becomes its 32 bytes', () => {
  const { x } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
  const key = stepUpKeyOf(
    cose([
      [1, 1],
      [3, -8],
      [-1, 6],
      [-2, bytesOf(x)],
    ]),
  )
  expect(key).toEqual({ algorithm: 'EdDSA', publicKey: Buffer.from(bytesOf(x)).toString('hex') })
})

test('a key that chargers cannot verify with steps nothing up', () => {
  const rsa = cose([
    [1, 3],
    [3, -257],
    [-1, new Uint8Array(256)],
    [-2, new Uint8Array(3)],
  ])
  const offCurve = cose([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, new Uint8Array(32).fill(1)],
    [-3, new Uint8Array(32).fill(1)],
  ])
  expect([stepUpKeyOf(rsa), stepUpKeyOf(offCurve)]).toEqual([undefined, undefined])
})
