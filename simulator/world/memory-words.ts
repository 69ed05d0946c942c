/** What the issuer of a world in memory says to single devices: vetoes, raised caps, steps between lists of revocations. */

import { toBase64Url, type Bytes } from '@/lib/core/bytes'
import { chargerId as toChargerId, grantSerial, type ChargerId, type GrantSerial } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { MemoryStore } from '@/lib/cloud/ingest/memory-store'
import { vetoEnd, vetoOf, type PermitTerms } from '@/lib/cloud/issuance/permits'
import { raiseEnd } from '@/lib/cloud/issuance/raise-cap'
import { decideRaise, type LiveRaise } from '@/lib/cloud/issuance/raise-rule'
import { planRevocations } from '@/lib/cloud/issuance/revocation-plan'
import { reserveAccount } from '@/lib/cloud/ledger/accounts'
import type { EpochSeconds } from '@/lib/core/units'
import { signMessage, type VerifiedMessage } from '@/lib/protocol/message'
import { permit, type Permit } from '@/lib/protocol/messages/permit'
import { revocationDelta } from '@/lib/protocol/messages/revocation-delta'
import type { ChangingOperator } from './changing-operator'
import type { MemoryGrants } from './memory-grants'
import { worldCurrency, worldOperator } from './place'
import type { RaiseOrder } from './world-cloud'

export class MemoryWords {
  readonly #operator: ChangingOperator
  readonly #store: MemoryStore
  readonly #grants: MemoryGrants
  readonly #permits: VerifiedMessage<Permit>[] = []
  /** Signed once for each pair of epochs. */
  readonly #deltas = new Map<string, string>()

  constructor(operator: ChangingOperator, store: MemoryStore, grants: MemoryGrants) {
    this.#operator = operator
    this.#store = store
    this.#grants = grants
  }

  async veto(id: string, at: string | undefined): Promise<Result<Bytes, Refusal>> {
    const terms = vetoOf(id, at)
    const nowS = this.#operator.clock.nowS()
    return terms === undefined ? err(refusal('api.malformed')) : ok(await this.#issue(terms, vetoEnd(nowS)))
  }

  async raise(
    accountId: string,
    { serial, chargerId, maximumMinor }: RaiseOrder,
  ): Promise<Result<Bytes, Refusal>> {
    const { revoked, ledger, certificates } = this.#store.tables
    const nowS = this.#operator.clock.nowS()
    const grant = this.#grants.issued.get(grantSerial(serial))
    if (grant === undefined) return err(refusal('grant.missing'))
    if (grant.owner !== `wallet:${accountId}`) return err(refusal('api.forbidden'))
    if (grant.payload.notAfterS <= nowS) return err(refusal('grant.expired'))
    if (revoked.has(grantSerial(serial))) return err(refusal('grant.revoked'))
    if (!certificates.has(chargerId)) return err(refusal('device.unknown'))
    const reserve = ledger.balance(reserveAccount(grantSerial(serial)), worldCurrency)
    const decided = decideRaise({
      chargerId: toChargerId(chargerId),
      maximumMinor,
      capMinor: grant.payload.capMinor,
      reserve: { balanceMinor: reserve.postedMinor, pendingMinor: reserve.pendingMinor },
      raises: this.#raisesOf(grantSerial(serial), nowS),
      heldHereMinor: this.#openHoldsAt(grantSerial(serial), chargerId),
      nowS,
    })
    if (!decided.ok) return decided
    if (decided.value.kind === 'again') return ok(decided.value.bytes)
    const terms = {
      verdict: 'raise',
      serial: grantSerial(serial),
      chargerId: toChargerId(chargerId),
      maximumMinor: decided.value.maximumMinor,
    } as const
    return ok(await this.#issue(terms, raiseEnd(nowS)))
  }

  ofCharger(charger: string): readonly Bytes[] {
    return this.#live()
      .filter(({ payload }) => payload.chargerId === undefined || payload.chargerId === charger)
      .map(({ bytes }) => bytes)
  }

  /** About these grants, and about sessions under them that the cloud has heard of. */
  ofGrants(serials: readonly string[]): readonly string[] {
    const { sessions } = this.#store.tables
    return this.#live()
      .filter(({ payload }) => {
        const { sessionId } = payload
        const serial = sessionId === undefined ? payload.serial : sessions.get(sessionId)?.serial
        return serial !== undefined && serial !== null && serials.includes(serial)
      })
      .map(({ bytes }) => toBase64Url(bytes))
  }

  async deltas(): Promise<readonly string[]> {
    const { operator, nowS } = { operator: worldOperator, nowS: this.#operator.clock.nowS() }
    const listed = [...this.#store.tables.revoked.list()]
    const live = listed
      .filter(([, { notAfterS }]) => notAfterS >= nowS)
      .map(([serial, { epoch }]) => ({ serial, epoch }))
      .sort((left, right) => left.epoch - right.epoch)
    const texts: string[] = []
    for (const step of planRevocations(live, listed.length).deltas) {
      const name = `${step.fromEpoch} ${step.epoch}`
      const known = this.#deltas.get(name)
      if (known === undefined) {
        const signed = await signMessage(
          revocationDelta,
          { operator, timeS: nowS, ...step },
          this.#operator.issuer,
        )
        this.#deltas.set(name, toBase64Url(signed.bytes))
      }
      texts.push(known ?? this.#deltas.get(name) ?? '')
    }
    return texts
  }

  async #issue(terms: PermitTerms, notAfterS: EpochSeconds): Promise<Bytes> {
    const { clock, issuer } = this.#operator
    const payload: Permit = { operator: worldOperator, ...terms, timeS: clock.nowS(), notAfterS }
    const signed = await signMessage(permit, payload, issuer)
    if (!this.#permits.some(({ hash }) => hash === signed.hash)) this.#permits.unshift(signed)
    return signed.bytes
  }

  #live(): readonly VerifiedMessage<Permit>[] {
    const nowS = this.#operator.clock.nowS()
    return this.#permits.filter(({ payload }) => payload.notAfterS >= nowS)
  }

  #raisesOf(serial: GrantSerial, nowS: number): readonly LiveRaise[] {
    return this.#permits.flatMap(({ payload, bytes }) =>
      payload.verdict === 'raise' && payload.serial === serial && payload.notAfterS >= nowS
        ? [
            {
              chargerId: payload.chargerId ?? ('' as ChargerId),
              maximumMinor: payload.maximumMinor ?? 0,
              notAfterS: payload.notAfterS,
              bytes,
            },
          ]
        : [],
    )
  }

  #openHoldsAt(serial: GrantSerial, charger: string): number {
    return [...this.#store.tables.sessions.values()]
      .filter((one) => one.serial === serial && one.chargerId === charger && one.holdState === 'open')
      .reduce((sum, one) => sum + (one.holdMinor ?? 0), 0)
  }
}
