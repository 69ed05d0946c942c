/**
 * Grants of a world's cloud in memory: the terms, the close and what it frees are decided by the server's own pure
 * rules; only the tables are maps. Whoever calls holds the transaction, and an error takes everything back.
 */

import { createHash } from 'node:crypto'
import { toBytes, toHex, type Bytes } from '@/lib/core/bytes'
import { grantSerial, publicKey, siteId, type GrantSerial, type PublicKey } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, expectOk, ok, type Result } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import type { PasskeyInfo } from '@/lib/cloud/api-types/account'
import type { MemoryStore } from '@/lib/cloud/ingest/memory-store'
import type { ReconcileTransaction } from '@/lib/cloud/ingest/store'
import {
  closeOfHolder,
  decideClose,
  exchangeFault,
  releaseRest,
  type ReserveRest,
} from '@/lib/cloud/issuance/close-rule'
import { driverTerms, type DriverTerms } from '@/lib/cloud/issuance/driver-terms'
import { hashOfPasskey, signGrant, type GrantTerms } from '@/lib/cloud/issuance/grants'
import {
  receivableAccount,
  reserveAccount,
  walletAccount,
  type OwnerAccount,
} from '@/lib/cloud/ledger/accounts'
import type { Transfer } from '@/lib/cloud/ledger/transfer'
import type { UndoableMap } from '@/lib/cloud/ledger/undoable'
import { riskDefaults, wholeUnits } from '@/lib/policy/defaults'
import { parseMessage, type VerifiedMessage } from '@/lib/protocol/message'
import { close as closeMessage, type Close } from '@/lib/protocol/messages/close'
import type { Grant } from '@/lib/protocol/messages/grant'
import type { GrantOrder, RenewOrder } from '@/lib/wallet/cloud-port'
import type { ChangingOperator } from './changing-operator'
import type { Dice } from './dice'
import { worldVerify } from './keys'
import { worldCurrency, worldOperator } from './place'
import { bytesOf } from './sync-words'

const dayS = 86_400

export interface IssuedGrant extends VerifiedMessage<Grant> {
  readonly owner: OwnerAccount
  /** The first in the row of renewals. */
  readonly root: GrantSerial
}

interface Closed {
  readonly lastSeq: number
  readonly head: string
  readonly next: IssuedGrant
}

/** Who may renew a fleet's grant, and with which terms; told by whoever keeps fleets. */
export type FleetFollower = (
  root: GrantSerial,
  nextKey: PublicKey,
  releasedMinor: number,
) => Promise<Result<IssuedGrant, Refusal>>

export class MemoryGrants {
  readonly issued: UndoableMap<GrantSerial, IssuedGrant>
  readonly passkeys = new Map<string, PasskeyInfo>()
  readonly #closed: UndoableMap<GrantSerial, Closed>
  readonly #operator: ChangingOperator
  readonly #store: MemoryStore
  readonly #dice: Dice
  readonly #pseudonymSecret: Uint8Array

  constructor(operator: ChangingOperator, store: MemoryStore, dice: Dice) {
    this.#operator = operator
    this.#store = store
    this.#dice = dice
    this.#pseudonymSecret = createHash('sha256').update(dice.bytes(32)).digest()
    this.issued = store.tables.table()
    this.#closed = store.tables.table()
  }

  /** The same grant again while it has room; else another one takes its cap from the balance. */
  async toDriver(
    tx: ReconcileTransaction,
    accountId: string,
    order: GrantOrder,
  ): Promise<Result<Bytes, Refusal>> {
    const owner = walletAccount(accountId)
    await this.giveBackRests(tx, owner)
    const available = this.#available(owner)
    const live = this.#liveGrant(owner, order, this.passkeys.get(accountId))
    const roomIsEnough = (live?.roomMinor ?? 0) >= wholeUnits(riskDefaults.firstSeenCap, worldCurrency)
    if (live !== undefined && (roomIsEnough || (available <= 0 && live.roomMinor > 0)))
      return ok(live.grant.bytes)
    const issued = await this.#fromCredit(tx, accountId, order, undefined)
    return issued.ok ? ok(issued.value.bytes) : issued
  }

  /** @param follow issues the next grant of a fleet's token. */
  async exchange(
    tx: ReconcileTransaction,
    accountId: string | undefined,
    order: RenewOrder,
    follow: FleetFollower,
  ): Promise<Result<Bytes, Refusal>> {
    const opened = this.#openClose(bytesOf(order.close))
    if (!opened.ok) return opened
    const { close, grant } = opened.value
    const { serial } = grant.payload
    const holder = exchangeFault(grant.owner, accountId)
    if (holder !== undefined) return err(holder)
    const nextKey = publicKey(order.devicePublicKey)
    const before = this.#closed.get(serial)
    if (before !== undefined) {
      const { lastSeq, head, next } = before
      const isSame =
        lastSeq === close.lastSeq && head === close.head && next.payload.deviceKey === order.devicePublicKey
      return isSame ? ok(next.bytes) : err(refusal('close.contradicted', { seq: lastSeq }))
    }
    if (this.#store.tables.revoked.has(serial)) return err(refusal('grant.revoked'))
    const links = await tx.chainLinks([serial])
    const rest = this.#rest(serial, grant.owner)
    const decision = decideClose({ close, grantHash: grant.hash, links, rest })
    if (!decision.ok) return decision
    await this.post(tx, decision.value.transfers)
    const next = grant.owner.startsWith('fleet:')
      ? await follow(grant.root, nextKey, decision.value.spendableMinor)
      : await this.#fromCredit(tx, accountOf(grant.owner), order, grant.root)
    if (!next.ok) return next
    this.#closed.set(serial, { lastSeq: close.lastSeq, head: close.head, next: next.value })
    this.#store.tables.closes.set(serial, close.lastSeq)
    await tx.revokeGrant(serial, grant.payload.notAfterS, 'closed')
    return ok(next.value.bytes)
  }

  /** Gives how many closed grants gave something back: of one owner, or of all. */
  async giveBackRests(tx: ReconcileTransaction, owner?: OwnerAccount): Promise<number> {
    const { reserves } = this.#store.tables
    let given = 0
    for (const serial of [...this.#closed.keys()].sort()) {
      const reserve = reserves.get(serial)
      if (reserve === undefined || reserve.releasedAtS !== null) continue
      if (owner !== undefined && reserve.owner !== owner) continue
      const { transfers } = releaseRest(this.#rest(serial, reserve.owner))
      if (transfers.length === 0) continue
      await this.post(tx, transfers)
      given += 1
    }
    return given
  }

  freshSerial = (): GrantSerial => grantSerial(toHex(this.#dice.bytes(8)))

  /** Moves the cap into the grant's reserve and signs. */
  async issue(
    tx: ReconcileTransaction,
    owner: OwnerAccount,
    terms: GrantTerms,
    root: GrantSerial = terms.serial,
  ): Promise<IssuedGrant> {
    const { serial, capMinor, notAfterS } = terms
    await this.post(tx, [reserveTransfer(serial, owner, capMinor)])
    const releaseAfterS = notAfterS + riskDefaults.holdOutlivesGrantDays * dayS
    this.#store.tables.reserves.set(serial, { owner, releaseAfterS, releasedAtS: null, coveredMinor: 0 })
    return this.sign(owner, terms, root)
  }

  /** Its credit stands in the reserve already. */
  async sign(owner: OwnerAccount, terms: GrantTerms, root: GrantSerial = terms.serial): Promise<IssuedGrant> {
    const { clock, issuer } = this.#operator
    const parts = { config: { tenant: worldOperator }, clock, issuer, pseudonymSecret: this.#pseudonymSecret }
    const signed = { ...(await signGrant(parts, terms)), owner, root }
    this.issued.set(terms.serial, signed)
    this.#store.tables.grants.set(terms.serial, signed.bytes)
    return signed
  }

  async post(tx: ReconcileTransaction, transfers: readonly Transfer[]): Promise<void> {
    expectOk(await tx.post(transfers), 'the operator’s own transfers post')
  }

  #available(owner: OwnerAccount): number {
    return this.#store.tables.ledger.balance(owner, worldCurrency).availableMinor
  }

  async #fromCredit(
    tx: ReconcileTransaction,
    accountId: string,
    order: GrantOrder,
    root: GrantSerial | undefined,
  ): Promise<Result<IssuedGrant, Refusal>> {
    const owner = walletAccount(accountId)
    const terms = this.#termsFor(order, this.#available(owner))
    if (terms.capMinor <= 0) return err(refusal('account.insufficient-funds'))
    const serial = this.freshSerial()
    const passkey = this.passkeys.get(accountId)
    const signed = await this.issue(
      tx,
      owner,
      {
        ...terms,
        serial,
        deviceKey: publicKey(order.devicePublicKey),
        holder: accountId,
        currency: worldCurrency,
        keyProtection: order.keyProtection,
        ...(passkey === undefined ? {} : { passkey }),
      },
      root ?? serial,
    )
    return ok(signed)
  }

  #termsFor({ sites = [], capMinor }: GrantOrder, availableMinor: number): DriverTerms {
    const nowS = this.#operator.clock.nowS()
    return driverTerms({ sites: sites.map(siteId), capMinor }, availableMinor, worldCurrency, nowS)
  }

  /** The newest grant of this device, where its terms are the same and it has time and spends left. */
  #liveGrant(
    owner: OwnerAccount,
    { devicePublicKey, keyProtection, sites = [] }: GrantOrder,
    passkey: PasskeyInfo | undefined,
  ): { readonly grant: IssuedGrant; readonly roomMinor: number } | undefined {
    const { revoked, ledger, sessionsOfSerial } = this.#store.tables
    const nowS = this.#operator.clock.nowS()
    const grant = [...this.issued.values()].findLast(
      (one) =>
        one.owner === owner &&
        one.payload.deviceKey === devicePublicKey &&
        one.payload.notAfterS > nowS + dayS &&
        !revoked.has(one.payload.serial),
    )
    if (grant === undefined) return undefined
    const { payload } = grant
    const wantedHash = passkey === undefined ? undefined : hashOfPasskey(passkey)
    if (payload.keyProtection !== keyProtection || payload.passkeyHash !== wantedHash) return undefined
    if (payload.sites.join() !== sites.join()) return undefined
    if ((sessionsOfSerial.get(payload.serial)?.length ?? 0) >= payload.spendsMax) return undefined
    return { grant, roomMinor: ledger.balance(reserveAccount(payload.serial), worldCurrency).availableMinor }
  }

  #openClose(bytes: Uint8Array): Result<{ readonly close: Close; readonly grant: IssuedGrant }, Refusal> {
    const parsed = parseMessage(closeMessage, toBytes(bytes))
    if (!parsed.ok) return err(refusal('code.damaged'))
    const grant = this.issued.get(parsed.value.payload.serial)
    if (grant === undefined) return err(refusal('grant.missing'))
    const close = closeOfHolder(parsed.value, grant.payload.deviceKey, worldVerify)
    return close.ok ? ok({ close: close.value.payload, grant }) : close
  }

  #rest(serial: GrantSerial, owner: OwnerAccount): ReserveRest {
    const { ledger } = this.#store.tables
    const account = reserveAccount(serial)
    const { postedMinor, pendingMinor } = ledger.balance(account, worldCurrency)
    return {
      serial,
      owner,
      currency: worldCurrency,
      balanceMinor: postedMinor,
      pendingMinor,
      owedMinor: 0 - ledger.balance(receivableAccount(owner), worldCurrency).postedMinor,
      spentMinor: ledger
        .all()
        .filter(({ debit, effect }) => debit === account && (effect === 'post' || effect === 'post-pending'))
        .reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    }
  }
}

/** Whoever asks: the next grant takes its credit from where the last one took it. */
const accountOf = (owner: OwnerAccount): string => owner.slice('wallet:'.length)

export const reserveTransfer = (serial: GrantSerial, owner: OwnerAccount, capMinor: number): Transfer => ({
  reference: serial,
  kind: 'reserve',
  effect: 'post',
  debit: owner,
  credit: reserveAccount(serial),
  currency: worldCurrency,
  amountMinor: minorUnits(capMinor),
  reason: 'grant',
  author: owner,
})
