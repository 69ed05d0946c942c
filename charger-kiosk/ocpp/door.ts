/**
 * Who may open a link: a known identity at /ocpp/<identity> or /<identity>, with its password where one is set
 * (security profile 1), speaking a version of OCPP that is known here. Everybody else is refused before a WebSocket exists.
 */

import { createHash, timingSafeEqual } from 'node:crypto'
import { isChargePointIdentity, type ChargePointIdentity } from './ids'
import type { IncidentKind, KnownCharger } from './port'
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

export function admit(handshake: Handshake, chargers: ReadonlyMap<string, KnownCharger>): Admission {
  const { identity, endpoint } = handshake
  const known = isChargePointIdentity(identity) ? chargers.get(identity) : undefined
  if (known === undefined || !['/ocpp', '/'].includes(endpoint)) {
    return refuse(404, 'unknown-identity', `${endpoint} ${identity}`)
  }
  if (known.password !== undefined && !samePassword(handshake.password, known.password)) {
    return refuse(401, 'wrong-password', handshake.password === undefined ? 'no password' : 'wrong password')
  }
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

/** Digests have one length, so neither content nor length shows in the time taken. */
function samePassword(given: Uint8Array | undefined, expected: string): boolean {
  if (given === undefined) return false
  const digest = (value: Uint8Array | string) => createHash('sha256').update(value).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
