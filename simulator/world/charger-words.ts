/**
 * What each charger durably knew of the issuer's words when the world last looked: whom it must refuse. A charger that
 * accepts and hears in one breath may have heard too late, so the words of the look before count.
 */

import { metaKeys, rows } from '@/charger-kiosk/session/records'
import { toHex } from '@/lib/core/bytes'
import { parseMessage } from '@/lib/protocol/message'
import { permit, type Permit } from '@/lib/protocol/messages/permit'
import { revocations } from '@/lib/protocol/messages/revocations'
import { shortIdOf } from '@/lib/protocol/messages/revocation-delta'
import type { GrantSerial } from '@/lib/core/ids'
import type { WorldCharger } from './world-charger'

interface Words {
  readonly serials: ReadonlySet<string>
  readonly shortIds: ReadonlySet<string>
  /** When the issuer last spoke of revocations. */
  readonly issuedAtS: number
  readonly vetoes: readonly Permit[]
}

const nothing: Words = { serials: new Set(), shortIds: new Set(), issuedAtS: 0, vetoes: [] }

export class ChargerWords {
  readonly #known = new WeakMap<WorldCharger, Words>()
  /** The disk's writes at the last look: nothing new was kept meanwhile where they are the same. */
  readonly #lookedAt = new WeakMap<WorldCharger, number>()

  look(charger: WorldCharger): void {
    const { writes } = charger.disk
    if (this.#lookedAt.get(charger) === writes) return
    this.#lookedAt.set(charger, writes)
    this.#known.set(charger, readWords(charger))
  }

  /** The disk is another one. */
  forget(charger: WorldCharger): void {
    this.#known.delete(charger)
    this.#lookedAt.delete(charger)
  }

  isRevoked(charger: WorldCharger, serial: string): boolean {
    const { serials, shortIds } = this.#of(charger)
    return serials.has(serial) || shortIds.has(shortIdOf(serial as GrantSerial))
  }

  isVetoed(charger: WorldCharger, sessionId: string, serial: string, nowS: number): boolean {
    return this.#of(charger).vetoes.some(
      (veto) => veto.notAfterS >= nowS && (veto.sessionId === sessionId || veto.serial === serial),
    )
  }

  issuedAtS = (charger: WorldCharger): number => this.#of(charger).issuedAtS

  #of(charger: WorldCharger): Words {
    return this.#known.get(charger) ?? nothing
  }
}

function readWords({ disk }: WorldCharger): Words {
  const bytes = disk.row('meta', metaKeys.revocations)
  const list = bytes === undefined ? undefined : parseMessage(revocations, bytes)
  const since = disk.row('meta', metaKeys.revokedSince)
  const delta = since === undefined ? undefined : rows.revokedSince.decode(since)
  const hex = delta?.ok === true ? toHex(delta.value.shortIds) : ''
  const permits = [...disk.rows('permit').values()].flatMap((value) => {
    const parsed = parseMessage(permit, value)
    return parsed.ok && parsed.value.payload.verdict === 'veto' ? [parsed.value.payload] : []
  })
  return {
    serials: new Set(list?.ok === true ? list.value.payload.serials : []),
    shortIds: new Set(hex.match(/.{8}/g) ?? []),
    issuedAtS: list?.ok === true ? list.value.payload.timeS : 0,
    vetoes: permits,
  }
}
