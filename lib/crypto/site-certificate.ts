/**
 * A self-signed certificate for the local central system (security profile 2), made without any program beside this one:
 * X.509 v3 (RFC 5280) in DER, ECDSA P-256. Chargers pin it as their central system's root. ADR 0029 says why it is
 * written here.
 */

import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { isIPv4 } from 'node:net'
import { addSeconds, type EpochSeconds } from '@/lib/core/units'

export interface TlsIdentity {
  /** PEM. */
  readonly key: string
  /** PEM; with its chain where somebody else signed it. */
  readonly cert: string
}

/** @param hosts names and IPv4 addresses under which chargers reach this controller; the first is the common name */
export function makeSiteCertificate(
  hosts: readonly string[],
  nowS: EpochSeconds,
  validForS: number,
): TlsIdentity {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const body = certificateBody(publicKey, hosts, nowS, validForS)
  const signature = sign('sha256', body, privateKey)
  const certificate = sequence(body, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature))
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? []
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  }
}

/** TBSCertificate of RFC 5280 §4.1. */
function certificateBody(
  publicKey: KeyObject,
  hosts: readonly string[],
  nowS: EpochSeconds,
  validForS: number,
): Buffer {
  const name = sequence(set(sequence(oid('550403'), der(0x0c, Buffer.from(hosts[0] ?? 'outpost')))))
  const serial = randomBytes(16)
  // Positive, and never with a needless leading zero (§4.1.2.2).
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40
  return sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    ecdsaWithSha256,
    name,
    // A charger whose clock stands a little behind must not refuse it.
    sequence(time(addSeconds(nowS, -86_400)), time(addSeconds(nowS, validForS))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(alternativeNames(hosts), mayActAsRoot, forServers)),
  )
}

const alternativeNames = (hosts: readonly string[]): Buffer =>
  extension('551d11', sequence(...hosts.map(generalName)))

function generalName(host: string): Buffer {
  return isIPv4(host)
    ? der(0x87, Buffer.from(host.split('.').map(Number)))
    : der(0x82, Buffer.from(host, 'ascii'))
}

/** Lengths above 127 take their own bytes (X.690 §8.1.3.5). */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content])
  const digits = content.length.toString(16)
  const length = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, content])
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts)
const set = (...parts: readonly Buffer[]): Buffer => der(0x31, ...parts)
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'))

/** UTCTime until 2049, GeneralizedTime afterwards (RFC 5280 §4.1.2.5). */
function time(timeS: EpochSeconds): Buffer {
  const digits = new Date(timeS * 1_000).toISOString().replace(/[-:T]|\.\d+/g, '')
  return Number(digits.slice(0, 4)) < 2050
    ? der(0x17, Buffer.from(digits.slice(2), 'ascii'))
    : der(0x18, Buffer.from(digits, 'ascii'))
}

const extension = (id: string, value: Buffer, isCritical = false): Buffer =>
  sequence(oid(id), ...(isCritical ? [der(0x01, Buffer.from([0xff]))] : []), der(0x04, value))

const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'))
/** Many chargers install only what calls itself a certificate authority as their root. */
const mayActAsRoot = extension('551d13', sequence(der(0x01, Buffer.from([0xff]))), true)
const forServers = extension('551d25', sequence(oid('2b06010505070301')))
