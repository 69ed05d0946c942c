/**
 * A meter that signs, as OCMF says: what the virtual charger carries with `--meter-key`, and what tests make records with.
 * The key is made from a seed, so that a charger that starts again is the same meter.
 */

import {
  createECDH,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto'
import type { MeterCurve } from '@/lib/crypto/meter-signature'

const openSslNames: Readonly<Record<MeterCurve, string>> = {
  secp192r1: 'prime192v1',
  secp192k1: 'secp192k1',
  secp256r1: 'prime256v1',
  secp256k1: 'secp256k1',
  secp384r1: 'secp384r1',
  brainpool256r1: 'brainpoolP256r1',
  brainpool384r1: 'brainpoolP384r1',
}

export interface MeterReading {
  readonly atS: number
  /** B begin, C charging, E end, … */
  readonly reason: string
  readonly energyWh: number
}

export interface SigningMeter {
  readonly curve: MeterCurve
  readonly serial: string
  /** SubjectPublicKeyInfo in hex. */
  readonly publicKey: string
  /** Any payload, as it is. */
  sign(payload: string): string
  record(pagination: number, readings: readonly MeterReading[], changes?: object): string
}

/** A new key on any curve. */
export const freshMeter = (curve: MeterCurve, serial = '1EMH0000001'): SigningMeter =>
  meterOf(curve, serial, generateKeyPairSync('ec', { namedCurve: openSslNames[curve] }).privateKey)

/** `secret` is 64 hex digits: a scalar of secp256r1. */
export function meterWithKey(secret: string, serial: string): SigningMeter {
  const ecdh = createECDH('prime256v1')
  ecdh.setPrivateKey(secret, 'hex')
  const point = ecdh.getPublicKey()
  const key = createPrivateKey({
    key: {
      kty: 'EC',
      crv: 'P-256',
      d: Buffer.from(secret, 'hex').toString('base64url'),
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    },
    format: 'jwk',
  })
  return meterOf('secp256r1', serial, key)
}

function meterOf(curve: MeterCurve, serial: string, secret: KeyObject): SigningMeter {
  const signText = (payload: string): string => {
    const signature = sign('sha256', Buffer.from(payload, 'utf8'), secret).toString('hex')
    return `OCMF|${payload}|${JSON.stringify({ SA: `ECDSA-${curve}-SHA256`, SD: signature })}`
  }
  return {
    curve,
    serial,
    publicKey: createPublicKey(secret).export({ format: 'der', type: 'spki' }).toString('hex'),
    sign: signText,
    record: (pagination, readings, changes = {}) =>
      signText(JSON.stringify({ ...payload(serial, pagination, readings), ...changes })),
  }
}

const payload = (serial: string, pagination: number, readings: readonly MeterReading[]): object => ({
  FV: '1.0',
  GI: 'Virtual gateway',
  GS: 'VG-1',
  GV: '1',
  PG: `T${pagination}`,
  MV: 'Virtual',
  MM: 'Meter',
  MS: serial,
  MF: '1',
  IS: false,
  IT: 'NONE',
  RD: readings.map(({ atS, reason, energyWh }) => ({
    TM: `${new Date(atS * 1_000).toISOString().slice(0, -1).replace('.', ',')}+0000 S`,
    TX: reason,
    RV: kilowattHours(energyWh),
    RI: '1-b:1.8.0',
    RU: 'kWh',
    RT: 'AC',
    EF: '',
    ST: 'G',
  })),
})

/** Exact below 2⁵³ thousandths; JSON writes the shortest digits that read back the same. */
const kilowattHours = (energyWh: number): number => Number((energyWh / 1_000).toFixed(3))
