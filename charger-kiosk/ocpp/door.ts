/**
 * Who may open a link: a known identity at /ocpp/<identity> or /<identity>, with its password where one is set
 * (security profile 1) and always over TLS (profile 2), speaking a version of OCPP that is known here. Everybody else is
 * refused before a WebSocket exists.
 */

import { createHash, timingSafeEqual } from 'node:crypto'
import { isChargePointIdentity, type ChargePointIdentity } from './ids'
import type { IncidentKind, KnownCharger, PasswordBook } from './port'
import { versions } from './versions'

export interface Handshake {
  /** Path without the identity. */
  readonly endpoint: string
  readonly identity: string
  readonly password: Uint8Array | undefined
  readonly protocols: ReadonlySet<string>
}

export type Admission =
  | { readonly kind: 'admit'; readonly identity: ChargePointIdentity }
  | {
      readonly kind: 'refuse'
      readonly httpStatus: number
      readonly incident: IncidentKind
      readonly detail: string
    }

/** The library takes a URL apart without catching what a malformed one throws, so that is asked first. */
export function isReadableUrl(url: string): boolean {
  try {
    const { pathname } = new URL(`http://localhost${url}`)
    return pathname.split('/').every((part) => decodeURIComponent(part).length <= 64)
  } catch {
    return false
  }
}

export interface House {
  readonly chargers: ReadonlyMap<string, KnownCharger>
  readonly passwords?: PasswordBook | undefined
  readonly isPasswordNeeded: boolean
}

export async function admit(handshake: Handshake, house: House): Promise<Admission> {
  const { identity, endpoint } = handshake
  const known = isChargePointIdentity(identity) ? house.chargers.get(identity) : undefined
  if (known === undefined || !['/ocpp', '/'].includes(endpoint)) {
    return refuse(404, 'unknown-identity', `${endpoint} ${identity}`)
  }
  const wrong = await passwordFault(handshake, known, house)
  if (wrong !== undefined) return refuse(401, 'wrong-password', wrong)
  if (!versions.some(({ subprotocol }) => handshake.protocols.has(subprotocol))) {
    return refuse(400, 'wrong-protocol', [...handshake.protocols].join(', '))
  }
  return { kind: 'admit', identity: known.identity }
}

const refuse = (httpStatus: number, incident: IncidentKind, detail: string): Admission => ({
  kind: 'refuse',
  httpStatus,
  incident,
  detail,
})

/** What the book keeps stands above what is configured: it is what the charger was given since. */
async function passwordFault(
  { password }: Handshake,
  known: KnownCharger,
  { passwords, isPasswordNeeded }: House,
): Promise<string | undefined> {
  const told = password === undefined ? 'no password' : 'wrong password'
  switch (await passwords?.check(known.identity, password)) {
    case 'right':
      return undefined
    case 'wrong':
      return told
    case 'none':
    case undefined:
      if (known.password !== undefined) return samePassword(password, known.password) ? undefined : told
      return isPasswordNeeded ? 'this charger has not been enrolled' : undefined
  }
}

/** Digests have one length, so neither content nor length shows in the time taken. */
function samePassword(given: Uint8Array | undefined, expected: string): boolean {
  if (given === undefined) return false
  const digest = (value: Uint8Array | string) => createHash('sha256').update(value).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
