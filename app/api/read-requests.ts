/** JSON bodies as the requests that they should be; undefined where they are not. */

import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { fromBase64Url, type Bytes } from '@/lib/core/bytes'
import {
  chargerId,
  chargerIdPattern,
  currencyCode,
  currencyPattern,
  grantSerial,
  siteIdPattern,
  type ChargerId,
  type CurrencyCode,
  type GrantSerial,
} from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import type { EnrolRequest } from '@/lib/cloud/api-types/devices'
import { asChoice, asInteger, asObject, asText } from '@/lib/cloud/json-shape'

const moneyMax = 1_000_000_000

/** The library that checks the credential looks at every field; here it only has to be an object with an id. */
export function readVerify<T extends RegistrationResponseJSON | AuthenticationResponseJSON>(
  body: unknown,
): { readonly challengeId: string; readonly response: T } | undefined {
  const object = asObject(body)
  const challengeId = asText(object?.['challengeId'], 64)
  const response = asObject(object?.['response'])
  if (challengeId === undefined || asText(response?.['id'], 2_048) === undefined) return undefined
  if (asObject(response?.['response']) === undefined) return undefined
  return { challengeId, response: response as unknown as T }
}

export interface TopUpBody {
  readonly amountMinor: number
  readonly currency: CurrencyCode
  readonly cardNumber?: string
  readonly idempotencyKey: string
}

export function readTopUp(body: unknown): TopUpBody | undefined {
  const charge = readCharge(body)
  const idempotencyKey = readKey(asObject(body)?.['idempotencyKey'])
  return charge === undefined || idempotencyKey === undefined ? undefined : { ...charge, idempotencyKey }
}

export interface GuestBody extends Omit<TopUpBody, 'idempotencyKey'> {
  readonly deviceKey: string
  readonly keyProtection: 'platform' | 'sealed'
}

export function readGuestOrder(body: unknown): GuestBody | undefined {
  const charge = readCharge(body)
  const device = readDevice(body)
  return charge === undefined || device === undefined ? undefined : { ...charge, ...device }
}

/** 256 bits that the phone drew; in a header, because addresses end up in logs. */
export const readGuestToken = (request: Request): string | undefined =>
  /^Bearer ([A-Za-z0-9_-]{43})$/.exec(request.headers.get('authorization') ?? '')?.[1]

/** The number belongs to the sandbox; other providers ask for it on their own page. */
function readCharge(body: unknown): Omit<TopUpBody, 'idempotencyKey'> | undefined {
  const object = asObject(body)
  const amountMinor = asInteger(object?.['amountMinor'], 1, moneyMax)
  const currency = asText(object?.['currency'], 3)
  const cardNumber = object?.['cardNumber'] === undefined ? null : asText(object['cardNumber'], 40)
  if (amountMinor === undefined || currency === undefined || !currencyPattern.test(currency)) return undefined
  if (cardNumber === undefined) return undefined
  return { amountMinor, currency: currencyCode(currency), ...(cardNumber === null ? {} : { cardNumber }) }
}

export interface GrantBody {
  readonly deviceKey: string
  readonly keyProtection: 'platform' | 'sealed'
  readonly capMinor?: number
  readonly passkeyCredentialId?: string
  readonly sites?: readonly string[]
}

export function readGrantOrder(body: unknown): GrantBody | undefined {
  const object = asObject(body)
  const device = readDevice(body)
  const capMinor = object?.['capMinor'] === undefined ? null : asInteger(object['capMinor'], 1, moneyMax)
  const passkey =
    object?.['passkeyCredentialId'] === undefined ? null : asText(object['passkeyCredentialId'], 2_048)
  const sites = readSites(object?.['sites'])
  if (device === undefined || capMinor === undefined || passkey === undefined) return undefined
  if (sites === undefined) return undefined
  return {
    ...device,
    ...(capMinor === null ? {} : { capMinor }),
    ...(passkey === null ? {} : { passkeyCredentialId: passkey }),
    ...(sites === null ? {} : { sites }),
  }
}

/** As many as a grant can name; null where nothing was said. */
function readSites(value: unknown): readonly string[] | null | undefined {
  if (value === undefined) return null
  if (!Array.isArray(value) || value.length > 8) return undefined
  const sites = value.map((site) => asText(site, 32)).filter((site) => site !== undefined)
  return sites.length === value.length && sites.every((site) => siteIdPattern.test(site)) ? sites : undefined
}

export function readRenewal(body: unknown): (GrantBody & { readonly close: Bytes }) | undefined {
  const order = readGrantOrder(body)
  const close = readSigned(asObject(body)?.['close'])
  return order === undefined || close === undefined ? undefined : { ...order, close }
}

export const readClose = (body: unknown): Bytes | undefined => readSigned(asObject(body)?.['close'])

export function readRaise(
  body: unknown,
):
  { readonly serial: GrantSerial; readonly chargerId: ChargerId; readonly maximumMinor: number } | undefined {
  const object = asObject(body)
  const serial = asText(object?.['serial'], 16)
  const charger = asText(object?.['chargerId'], 20)
  const maximumMinor = asInteger(object?.['maximumMinor'], 1, moneyMax)
  if (serial === undefined || !/^[0-9a-f]{16}$/.test(serial) || maximumMinor === undefined) return undefined
  if (charger === undefined || !chargerIdPattern.test(charger)) return undefined
  return { serial: grantSerial(serial), chargerId: chargerId(charger), maximumMinor }
}

export function readCertificateRenewal(
  body: unknown,
): { readonly renewal: Bytes; readonly proof: Bytes } | undefined {
  const object = asObject(body)
  const renewal = readSigned(object?.['renewal'])
  const proof = readSigned(object?.['proof'])
  return renewal === undefined || proof === undefined ? undefined : { renewal, proof }
}

export const readNonce = (body: unknown): string | undefined => asText(asObject(body)?.['nonce'], 16)

function readSigned(value: unknown): Bytes | undefined {
  const text = asText(value, signedCharsMax)
  return text === undefined ? undefined : fromBase64Url(text)
}

const signedCharsMax = Math.ceil((limits.messageBytesMax * 4) / 3)

export function readClaim(
  body: unknown,
):
  | { readonly code: string; readonly deviceKey: string; readonly keyProtection: 'platform' | 'sealed' }
  | undefined {
  const code = asText(asObject(body)?.['code'], 64)
  const device = readDevice(body)
  return code === undefined || device === undefined ? undefined : { code, ...device }
}

function readDevice(
  body: unknown,
): { readonly deviceKey: string; readonly keyProtection: 'platform' | 'sealed' } | undefined {
  const object = asObject(body)
  const deviceKey = asText(object?.['devicePublicKey'], 64)
  const keyProtection = asChoice(object?.['keyProtection'] ?? 'platform', ['platform', 'sealed'])
  return deviceKey === undefined || keyProtection === undefined ? undefined : { deviceKey, keyProtection }
}

export function readEnrolment(body: unknown): EnrolRequest | undefined {
  const object = asObject(body)
  const code = asText(object?.['code'], 64)
  const chargerId = asText(object?.['chargerId'], 20)
  const publicKey = asText(object?.['publicKey'], 64)
  const meterKeyHash = asText(object?.['meterKeyHash'], 32)
  if (code === undefined || chargerId === undefined || publicKey === undefined) return undefined
  const isHash = meterKeyHash !== undefined && /^[0-9a-f]{32}$/.test(meterKeyHash)
  if (object?.['meterKeyHash'] !== undefined && !isHash) return undefined
  return { code, chargerId, publicKey, ...(isHash ? { meterKeyHash } : {}) }
}

function readKey(value: unknown): string | undefined {
  const key = asText(value, 64)
  return key !== undefined && /^[\x21-\x7e]{8,64}$/.test(key) ? key : undefined
}
