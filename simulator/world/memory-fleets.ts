/** Fleets of a world's cloud in memory: a manager sets credit aside, a driver's phone claims it once, and renews it. */

import type { Bytes } from '@/lib/core/bytes'
import { publicKey, siteId, type GrantSerial, type PublicKey } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { addSeconds, minorUnits, type EpochSeconds } from '@/lib/core/units'
import type { MemoryStore } from '@/lib/cloud/ingest/memory-store'
import type { ReconcileTransaction } from '@/lib/cloud/ingest/store'
import { fleetSpendsMax } from '@/lib/cloud/issuance/fleet-terms'
import type { GrantTerms } from '@/lib/cloud/issuance/grants'
import { fleetAccount } from '@/lib/cloud/ledger/accounts'
import { riskDefaults } from '@/lib/policy/defaults'
import type { ClaimOrder } from '@/lib/wallet/cloud-port'
import type { ChangingOperator } from './changing-operator'
import type { Dice } from './dice'
import { reserveTransfer, type IssuedGrant, type MemoryGrants } from './memory-grants'
import { worldCurrency, worldFleet } from './place'
import type { TokenOrder } from './world-cloud'

const dayS = 86_400

interface Token extends TokenOrder {
  readonly tokenId: string
  readonly serial: GrantSerial
  readonly expiresAtS: EpochSeconds
}

export class MemoryFleets {
  readonly #operator: ChangingOperator
  readonly #store: MemoryStore
  readonly #grants: MemoryGrants
  readonly #dice: Dice
  /** By claim code. */
  readonly #tokens = new Map<string, Token>()

  constructor(operator: ChangingOperator, store: MemoryStore, grants: MemoryGrants, dice: Dice) {
    this.#operator = operator
    this.#store = store
    this.#grants = grants
    this.#dice = dice
  }

  async issueToken(tx: ReconcileTransaction, order: TokenOrder): Promise<Result<string, Refusal>> {
    const owner = fleetAccount(worldFleet)
    const { availableMinor } = this.#store.tables.ledger.balance(owner, worldCurrency)
    if (availableMinor < order.capMinor) return err(refusal('account.insufficient-funds'))
    const serial = this.#grants.freshSerial()
    const expiresAtS = addSeconds(this.#operator.clock.nowS(), order.days * dayS)
    await this.#grants.post(tx, [reserveTransfer(serial, owner, order.capMinor)])
    const reserve = { owner, releaseAfterS: expiresAtS, releasedAtS: null, coveredMinor: 0 }
    this.#store.tables.reserves.set(serial, reserve)
    const code = `code-${this.#tokens.size}-${this.#dice.below(1_000_000)}`
    this.#tokens.set(code, { ...order, tokenId: code, serial, expiresAtS })
    return ok(code)
  }

  /** For the phone that claims first; the same phone gets the same grant again. */
  async claim({ code, devicePublicKey, keyProtection }: ClaimOrder): Promise<Result<Bytes, Refusal>> {
    const token = this.#tokens.get(code)
    const nowS = this.#operator.clock.nowS()
    if (token === undefined || token.expiresAtS <= nowS) return err(refusal('account.claim-code'))
    const claimed = this.#grants.issued.get(token.serial)
    if (claimed !== undefined)
      return claimed.payload.deviceKey === devicePublicKey
        ? ok(claimed.bytes)
        : err(refusal('account.claim-code'))
    const { reserves } = this.#store.tables
    const reserve = reserves.get(token.serial)
    if (reserve === undefined) return err(refusal('account.claim-code'))
    const releaseAfterS = token.expiresAtS + riskDefaults.holdOutlivesGrantDays * dayS
    reserves.set(token.serial, { ...reserve, releaseAfterS })
    const terms = this.#termsOf(token, token.serial, publicKey(devicePublicKey), token.capMinor)
    const signed = await this.#grants.sign(fleetAccount(worldFleet), { ...terms, keyProtection })
    return ok(signed.bytes)
  }

  /** What the old grant gave back goes on, by the token's rules, on another day where this one is used up. */
  async follow(
    tx: ReconcileTransaction,
    root: GrantSerial,
    nextKey: PublicKey,
    capMinor: number,
  ): Promise<Result<IssuedGrant, Refusal>> {
    const token = [...this.#tokens.values()].find(({ serial }) => serial === root)
    if (token === undefined) return err(refusal('grant.missing'))
    if (token.expiresAtS <= this.#operator.clock.nowS()) return err(refusal('grant.expired'))
    if (capMinor <= 0) return err(refusal('account.insufficient-funds'))
    const usedMinor = token.dailyLimitMinor === 0 ? 0 : this.#usedToday(root)
    if (usedMinor > 0 && usedMinor >= token.dailyLimitMinor) return err(refusal('wallet.daily-limit'))
    const terms = this.#termsOf(token, this.#grants.freshSerial(), nextKey, capMinor)
    return ok(await this.#grants.issue(tx, fleetAccount(worldFleet), terms, root))
  }

  #termsOf(token: Token, serial: GrantSerial, deviceKey: PublicKey, capMinor: number): GrantTerms {
    return {
      serial,
      deviceKey,
      holder: token.tokenId,
      currency: worldCurrency,
      capMinor: minorUnits(capMinor),
      sessionCapMinor: minorUnits(token.sessionCapMinor),
      spendsMax: fleetSpendsMax,
      notAfterS: token.expiresAtS,
      keyProtection: 'platform',
      sites: token.sites.map((site) => siteId(site)),
      fleetRules: {
        fleet: 1,
        vehicleClass: 0,
        dailyLimitMinor: minorUnits(token.dailyLimitMinor),
        fromMinute: 0,
        toMinute: 0,
      },
    }
  }

  /** Spent and held since midnight UTC under all grants of the token. */
  #usedToday(root: GrantSerial): number {
    const { sessionsOfSerial, sessions } = this.#store.tables
    const midnightS = Math.floor(this.#operator.clock.nowS() / dayS) * dayS
    const serials = [...this.#grants.issued.values()].filter((grant) => grant.root === root)
    return serials
      .flatMap(({ payload }) => sessionsOfSerial.get(payload.serial) ?? [])
      .map((id) => sessions.get(id))
      .filter((session) => (session?.authorizedAtS ?? 0) >= midnightS)
      .reduce((sum, session) => sum + (session?.postedMinor ?? session?.holdMinor ?? 0), 0)
  }
}
