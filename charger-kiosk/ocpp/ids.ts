/** Names and numbers that OCPP 1.6 gives to things, as branded types. */

declare const brand: unique symbol
type Brand<Base, Name extends string> = Base & { readonly [brand]: Name }

/** Last part of the address that a charger connects to; also its user name for basic authentication. */
export type ChargePointIdentity = Brand<string, 'charge-point-identity'>
/** CiString20: what a transaction is started with. Ours are the first 20 hex digits of a session id. */
export type IdTag = Brand<string, 'id-tag'>
/** 0 stands for the whole charge point, connectors count from 1. */
export type ConnectorId = Brand<number, 'connector'>
/** Given out by this controller only, from 1 up. Chargers also report −1 and 0, which name no transaction. */
export type TransactionId = Brand<number, 'transaction'>
/** Current in one phase. */
export type Amperes = Brand<number, 'A'>

/** OCPP-J 1.6 forbids ":" in identities that authenticate; the rest is what fits a URL without escapes. */
const identityPattern = /^[A-Za-z0-9][A-Za-z0-9._~-]{0,47}$/

export const isChargePointIdentity = (text: string): text is ChargePointIdentity => identityPattern.test(text)

export function chargePointIdentity(text: string): ChargePointIdentity {
  if (!isChargePointIdentity(text))
    throw new RangeError(`Not an identity: ${JSON.stringify(text.slice(0, 80))}`)
  return text
}

export function idTag(text: string): IdTag {
  if (text.length === 0 || text.length > 20) throw new RangeError('An id tag has 1 to 20 characters')
  return text as IdTag
}

function integerFrom(value: number, min: number, max: number, name: string): number {
  if (!Number.isInteger(value) || value < min || value > max)
    throw new RangeError(`Not a ${name}: ${String(value)}`)
  return value
}

export const connectorId = (value: number): ConnectorId =>
  integerFrom(value, 0, 255, 'connector id') as ConnectorId
/** Chargers store it in 32 bits, signed. */
export const transactionId = (value: number): TransactionId =>
  integerFrom(value, 1, 2_147_483_647, 'transaction id') as TransactionId
export const amperes = (value: number): Amperes => integerFrom(value, 0, 1_000, 'current') as Amperes
