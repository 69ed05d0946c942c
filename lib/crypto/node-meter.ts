/** Signatures of meters through node:crypto (OpenSSL), which knows every curve of OCMF. */

import { createPublicKey, ECDH, verify, type KeyObject } from 'node:crypto'
import { toBytes, toHex } from '@/lib/core/bytes'
import { spkiOf, type MeterCrypto, type MeterCurve, type MeterKey } from './meter-signature'

const openSslNames = {
  secp192r1: 'prime192v1',
  secp192k1: 'secp192k1',
  secp256r1: 'prime256v1',
  secp256k1: 'secp256k1',
  secp384r1: 'secp384r1',
  brainpool256r1: 'brainpoolP256r1',
  brainpool384r1: 'brainpoolP384r1',
} as const satisfies Record<MeterCurve, string>

/** A charger has a meter a connector; a cloud has one for each of them, and only a few at a time. */
const keyObjectsMax = 1_000
const keyObjects = new Map<string, KeyObject>()

export const nodeMeterCrypto: MeterCrypto = {
  verify: (key, message, signature) => {
    try {
      return verify('sha256', message, keyObject(key), signature)
    } catch {
      return false
    }
  },
  uncompress: ({ curve, point }) => {
    try {
      const whole = ECDH.convertKey(point, openSslNames[curve], undefined, undefined, 'uncompressed')
      return typeof whole === 'string' ? undefined : toBytes(whole)
    } catch {
      return undefined
    }
  },
}

function keyObject(key: MeterKey): KeyObject {
  const name = `${key.curve}:${toHex(key.point)}`
  const known = keyObjects.get(name)
  if (known !== undefined) return known
  const created = createPublicKey({ key: Buffer.from(spkiOf(key)), format: 'der', type: 'spki' })
  if (keyObjects.size >= keyObjectsMax) keyObjects.clear()
  keyObjects.set(name, created)
  return created
}
