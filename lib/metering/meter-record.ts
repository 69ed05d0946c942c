/** One signed record of a meter, from the text that a charger passed on to a verdict. Whatever it is, nothing throws. */

import { toHex, utf8, type Bytes } from '@/lib/core/bytes'
import { messageHash, type MessageHash } from '@/lib/core/ids'
import { sha256 } from '@/lib/crypto/hash'
import type { MeterCrypto } from '@/lib/crypto/meter-signature'
import { meterKeyCharsMax, meterKeyHash, readMeterKey } from './meter-key'
import { parseOcmf, type Ocmf, type OcmfFault } from './ocmf'
import { unwrap, type SignedValue } from './signed-value'

export type RecordFault =
  | OcmfFault
  /** No key came with it, none came before, and none is configured. */
  | 'key-missing'
  | 'key-unreadable'
  /** Not the key that the issuer vouched for. */
  | 'key-other'
  | 'signature'

export interface ExaminedRecord {
  /** The meter's own bytes, without what OCPP wraps around them. */
  readonly record: Bytes
  /** The public key as it came with this record or one before it. */
  readonly keyText: string | undefined
  /** What it says, where it can be read; believed only without a fault. */
  readonly ocmf: Ocmf | undefined
  /** The issuer vouched for its key, in the charger's certificate. */
  readonly isVouched: boolean
  readonly fault: { readonly code: RecordFault; readonly detail: string } | undefined
}

export interface MeterTrust {
  readonly crypto: MeterCrypto
  /** Fingerprint of the meter's key in the charger's certificate, where it has one. */
  readonly keyHash: MessageHash | undefined
  /** A key that was told before, for records that come without one. */
  readonly knownKey: string | undefined
}

export function examineRecord(value: SignedValue, { crypto, keyHash, knownKey }: MeterTrust): ExaminedRecord {
  const { data, publicKey } = unwrap(value)
  const given = publicKey === undefined || publicKey === '' ? knownKey : publicKey
  // One that is longer than any key is none: it is not kept either.
  const keyText = given !== undefined && given.length <= meterKeyCharsMax ? given : undefined
  const parsed = parseOcmf(data)
  const examined = { record: utf8(data), keyText, isVouched: false }
  if (!parsed.ok) {
    const { fault: code, detail } = parsed.error
    return { ...examined, ocmf: undefined, fault: { code, detail } }
  }
  const ocmf = parsed.value
  const faulty = (code: RecordFault, detail: string): ExaminedRecord => ({
    ...examined,
    ocmf,
    fault: { code, detail },
  })
  if (keyText === undefined) {
    return given === undefined
      ? faulty('key-missing', `meter ${ocmf.meterSerial}`)
      : faulty('key-unreadable', `${given.length} characters`)
  }
  const key = readMeterKey(keyText, ocmf.signature.curve, crypto)
  if (key === undefined) return faulty('key-unreadable', keyText.slice(0, 60))
  const hash = meterKeyHash(key)
  if (keyHash !== undefined && hash !== keyHash) return faulty('key-other', `${hash}, not ${keyHash}`)
  const isSigned =
    key.curve === ocmf.signature.curve && crypto.verify(key, ocmf.signedBytes, ocmf.signature.bytes)
  if (!isSigned) return faulty('signature', `meter ${ocmf.meterSerial}, ${ocmf.signature.curve}`)
  return { ...examined, ocmf, isVouched: keyHash !== undefined, fault: undefined }
}

/**
 * What a receipt names: first 16 bytes of SHA-256 over a session's records, one a line as programs for transparency read
 * them, without a line break at the end. For a single record it is the hash of that record.
 */
export const recordsHash = (records: readonly Uint8Array[]): MessageHash =>
  messageHash(toHex(sha256(recordLines(records)).subarray(0, 16)))

export function recordLines(records: readonly Uint8Array[]): Bytes {
  const lines = new Uint8Array(records.reduce((sum, { length }) => sum + length + 1, -1))
  let at = 0
  for (const record of records) {
    if (at > 0) lines[at++] = 0x0a
    lines.set(record, at)
    at += record.length
  }
  return lines
}
