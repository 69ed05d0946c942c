/**
 * Who may come in: chargers of this site, by a certificate of the operator and a signature over a nonce of ours. An expired
 * certificate still opens this door, because its renewal comes back through it; what that charger brings is sealed, and
 * judged by the operator. Everything that strangers can make the gateway remember is bounded.
 */

import { toHex } from '@/lib/core/bytes'
import type { Clock, Random } from '@/lib/core/clock'
import type { ChargerId, GrantSerial, PublicKey, SiteId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { err, ok, type Result } from '@/lib/core/result'
import type { Verify } from '@/lib/crypto/signature'
import { parseMessage, verifyMessage } from '@/lib/protocol/message'
import { certificateSerial, chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { gatewayGreeting } from '@/lib/protocol/messages/gateway-greeting'
import { openIssued } from '@/lib/protocol/trust'
import type { TrustBook } from './trust-book'

export interface DoorPorts {
  readonly site: SiteId
  /** Of our own TLS key. */
  readonly pin: string
  readonly trust: TrustBook
  readonly verify: Verify
  /** What the issuer has taken back, as far as it is known here. */
  readonly isRevoked: (serial: GrantSerial) => boolean
  readonly clock: Pick<Clock, 'monotonicMs'>
  readonly random: Random
}

/** For the log; whoever was turned away learns only that. */
export type Stranger = 'no-trust' | 'certificate' | 'revoked' | 'other-site' | 'nonce' | 'signature'

const nonceForMs = 30_000
const noncesMax = 256
const sessionForMs = 3_600_000

interface Guest {
  readonly charger: ChargerId
  /** Of its certificate. */
  readonly serial: GrantSerial
  readonly untilMs: number
}

export class Door {
  readonly #ports: DoorPorts
  readonly #asked = new Map<string, Guest & { readonly key: PublicKey }>()
  readonly #sessions = new Map<string, Guest>()

  constructor(ports: DoorPorts) {
    this.#ports = ports
  }

  /** A nonce for whoever shows a certificate of this site. */
  hello(papers: {
    readonly certificate: Uint8Array
    readonly trustList: Uint8Array
  }): Result<string, Stranger> {
    const { trust, verify, isRevoked, site, random, clock } = this.#ports
    trust.learn(papers.trustList)
    const { list } = trust
    if (list === undefined) return err('no-trust')
    const certificate = openIssued(chargerCertificate, papers.certificate, list, undefined, verify)
    if (certificate === undefined || certificate.payload.operator !== list.operator) return err('certificate')
    const { siteId, chargerId: charger, key } = certificate.payload
    if (siteId !== site) return err('other-site')
    const serial = certificateSerial(certificate.hash)
    if (isRevoked(serial)) return err('revoked')
    const nonce = toHex(random.bytes(16))
    forgetOldest(this.#asked, noncesMax - 1)
    this.#asked.set(nonce, { charger, serial, key, untilMs: clock.monotonicMs() + nonceForMs })
    return ok(nonce)
  }

  /** A token for whoever signs the nonce with the certificate's key. */
  greet(greeting: { readonly nonce: string; readonly greeting: Uint8Array }): Result<Welcome, Stranger> {
    const { pin, verify, clock, random } = this.#ports
    const asked = this.#asked.get(greeting.nonce)
    this.#asked.delete(greeting.nonce)
    if (asked === undefined || asked.untilMs < clock.monotonicMs()) return err('nonce')
    const parsed = parseMessage(gatewayGreeting, greeting.greeting)
    const signed = parsed.ok ? verifyMessage(parsed.value, asked.key, verify)?.payload : undefined
    const isMeant =
      signed?.gateway === pin && signed.nonce === greeting.nonce && signed.chargerId === asked.charger
    if (!isMeant) return err('signature')
    const { charger, serial } = asked
    for (const [token, guest] of this.#sessions) if (guest.charger === charger) this.#sessions.delete(token)
    forgetOldest(this.#sessions, limits.gatewayChargersMax - 1)
    const token = toHex(random.bytes(32))
    this.#sessions.set(token, { charger, serial, untilMs: clock.monotonicMs() + sessionForMs })
    return ok({ token, charger })
  }

  /** Whose token this is. */
  guest(token: string): ChargerId | undefined {
    const guest = this.#sessions.get(token)
    if (guest === undefined) return undefined
    const { clock, isRevoked } = this.#ports
    if (guest.untilMs >= clock.monotonicMs() && !isRevoked(guest.serial)) return guest.charger
    this.#sessions.delete(token)
    return undefined
  }
}

export interface Welcome {
  readonly token: string
  readonly charger: ChargerId
}

function forgetOldest(map: Map<string, unknown>, countMax: number): void {
  for (const key of map.keys()) {
    if (map.size <= countMax) return
    map.delete(key)
  }
}
