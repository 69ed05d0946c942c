/**
 * Identifiers. Binary ids are lower-case hex strings in memory (comparable, usable as keys, printable) and byte
 * strings on the wire; text ids have a fixed alphabet so that they can stand in URLs, logs and on labels.
 */

declare const id: unique symbol
type Id<Name extends string> = string & { readonly [id]: Name }

/** First 16 bytes of SHA-256 over a message's Sig_structure (no signature in it). */
export type MessageHash = Id<'message-hash'>
declare const session: unique symbol
/** Hash of the authorization that opened the session; a message hash with a mark of its own. */
export type SessionId = MessageHash & { readonly [session]: true }
/** 8 random bytes that name one grant; also its short id in revocation lists. */
export type GrantSerial = Id<'grant-serial'>
/** 8 bytes that stand for a driver at chargers; changes with every pseudonym period. */
export type Pseudonym = Id<'pseudonym'>
/** 32 bytes, Ed25519. */
export type PublicKey = Id<'public-key'>
/** 32 bytes, X25519: what carriers must not read is sealed to it. */
export type SealingKey = Id<'sealing-key'>
/** 16 bytes that name one parcel; the same bundle has the same. */
export type ParcelId = Id<'parcel-id'>
/** 16 bytes that stand for a device where answers wait for it, and say nothing else about it. */
export type Mailbox = Id<'mailbox'>
/** 8 bytes that make an offer unique. */
export type Nonce = Id<'nonce'>
/** Short name of an operator, which is also the tenant of its ledger. */
export type OperatorId = Id<'operator'>
export type ChargerId = Id<'charger'>
export type SiteId = Id<'site'>
/** Device of a log: a charger id, a gateway id, or the serial of a grant for a wallet's chain. */
export type DeviceId = Id<'device'>
/** ISO 4217 alphabetic code. */
export type CurrencyCode = Id<'currency'>

function matching<T extends string>(pattern: RegExp, name: string): (text: string) => T {
  return (text) => {
    if (!pattern.test(text)) throw new RangeError(`Not a ${name}: ${JSON.stringify(text.slice(0, 80))}`)
    return text as T
  }
}

export const messageHash = matching<MessageHash>(/^[0-9a-f]{32}$/, 'message hash')
export const sessionId = matching<SessionId>(/^[0-9a-f]{32}$/, 'session id')
export const grantSerial = matching<GrantSerial>(/^[0-9a-f]{16}$/, 'grant serial')
export const pseudonym = matching<Pseudonym>(/^[0-9a-f]{16}$/, 'pseudonym')
export const publicKey = matching<PublicKey>(/^[0-9a-f]{64}$/, 'public key')
export const sealingKey = matching<SealingKey>(/^[0-9a-f]{64}$/, 'sealing key')
export const parcelId = matching<ParcelId>(/^[0-9a-f]{32}$/, 'parcel id')
export const mailbox = matching<Mailbox>(/^[0-9a-f]{32}$/, 'mailbox')
export const nonce = matching<Nonce>(/^[0-9a-f]{16}$/, 'nonce')

export const operatorIdPattern = /^[a-z0-9][a-z0-9-]{0,11}$/
export const chargerIdPattern = /^[A-Za-z0-9][A-Za-z0-9-]{0,19}$/
export const siteIdPattern = /^[a-z0-9][a-z0-9-]{0,7}$/
export const deviceIdPattern = /^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/
export const currencyPattern = /^[A-Z]{3}$/

export const operatorId = matching<OperatorId>(operatorIdPattern, 'operator id')
export const chargerId = matching<ChargerId>(chargerIdPattern, 'charger id')
export const siteId = matching<SiteId>(siteIdPattern, 'site id')
export const deviceId = matching<DeviceId>(deviceIdPattern, 'device id')
export const currencyCode = matching<CurrencyCode>(currencyPattern, 'currency code')
