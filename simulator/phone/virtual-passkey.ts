/**
 * A platform authenticator in memory: makes one passkey (ES256, no attestation) and signs with it, always with the
 * user verified, in the exact forms that browsers give (WebAuthn Level 3, §6.1 and §6.5).
 */

import { p256 } from '@noble/curves/nist.js'
import type {
  PublicKeyCredentialCreationOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/browser'
import { encode } from 'cborg'
import { concat, fromHex, toBase64Url, toBytes, utf8, type Bytes } from '@/lib/core/bytes'
import type { Random } from '@/lib/core/clock'
import type { MessageHash } from '@/lib/core/ids'
import { sha256 } from '@/lib/crypto/hash'
import { encodePasskeyAssertion } from '@/lib/protocol/passkey-assertion'

export interface VirtualPasskey {
  register(options: PublicKeyCredentialCreationOptionsJSON): RegistrationResponseJSON
  /** The attachment that lets a charger accept this authorization beyond the limits without a passkey. */
  confirm(authorizationHash: MessageHash): Bytes
}

/** COSE labels and values (RFC 9053). */
const cose = { keyType: 1, algorithm: 3, curve: -1, x: -2, y: -3, ec2: 2, es256: -7, p256: 1 } as const
/** User present, user verified, backup eligible, backed up: what synced passkeys say. */
const flags = 0x1d
const withCredential = 0x40
/** Synced passkeys count nothing. */
const counter = [0, 0, 0, 0] as const

/** @param origin of the driver app; the passkey is bound to its host name. */
export function virtualPasskey(origin: string, random: Random): VirtualPasskey {
  const secret = sha256(random.bytes(32))
  const credentialId = random.bytes(16)
  const relyingPartyHash = sha256(utf8(new URL(origin).hostname))

  const clientData = (type: 'webauthn.create' | 'webauthn.get', challenge: string): Bytes =>
    utf8(JSON.stringify({ type, challenge, origin, crossOrigin: false }))

  return {
    register({ challenge }) {
      const authData = concat(
        relyingPartyHash,
        Uint8Array.of(flags | withCredential, ...counter),
        new Uint8Array(16),
        Uint8Array.of(0, credentialId.length),
        credentialId,
        coseKeyOf(secret),
      )
      const id = toBase64Url(credentialId)
      return {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: toBase64Url(clientData('webauthn.create', challenge)),
          attestationObject: toBase64Url(encode({ fmt: 'none', attStmt: {}, authData })),
          transports: ['internal'],
        },
      }
    },
    confirm(authorizationHash) {
      const authenticatorData = concat(relyingPartyHash, Uint8Array.of(flags, ...counter))
      const client = clientData('webauthn.get', toBase64Url(fromHex(authorizationHash)))
      const signed = concat(authenticatorData, sha256(client))
      return encodePasskeyAssertion({
        algorithm: 'ES256',
        key: toBytes(p256.getPublicKey(secret, true)),
        authenticatorData,
        clientData: client,
        signature: toBytes(p256.sign(signed, secret, { prehash: true, format: 'der' })),
      })
    },
  }
}

function coseKeyOf(secret: Uint8Array): Uint8Array {
  const point = p256.getPublicKey(secret, false)
  return encode(
    new Map<number, number | Uint8Array>([
      [cose.keyType, cose.ec2],
      [cose.algorithm, cose.es256],
      [cose.curve, cose.p256],
      [cose.x, point.subarray(1, 33)],
      [cose.y, point.subarray(33, 65)],
    ]),
  )
}
