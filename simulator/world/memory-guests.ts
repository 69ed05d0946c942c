/**
 * Guests by card in a world's cloud in memory: what to capture, let go or give back is decided by the server's own
 * pure rules; here stand the tables, the looks in between, and what the provider is asked.
 */

import type { Bytes } from '@/lib/core/bytes'
import { publicKey, type GrantSerial } from '@/lib/core/ids'
import { err, ok, type Result } from '@/lib/core/result'
import { refusal, type Refusal } from '@/lib/core/reason'
import { addSeconds, minorUnits, type EpochSeconds } from '@/lib/core/units'
import type { MemoryStore } from '@/lib/cloud/ingest/memory-store'
import type { ReconcileTransaction } from '@/lib/cloud/ingest/store'
import {
  cardAuthorizedAccount,
  guestAccount,
  reserveAccount,
  type LedgerAccount,
} from '@/lib/cloud/ledger/accounts'
import type { UndoableMap } from '@/lib/cloud/ledger/undoable'
import { guestGrantHours } from '@/lib/cloud/topup/guest-facts'
import {
  captureTransfers,
  decideGuest,
  lapseTransfers,
  preauthoriseTransfers,
  refundTransfers,
  releaseTransfers,
  type GuestDecision,
  type GuestMoney,
  type GuestParty,
} from '@/lib/cloud/topup/guest-transfers'
import { riskDefaults } from '@/lib/policy/defaults'
import type { ChangingOperator } from './changing-operator'
import type { MemoryGrants } from './memory-grants'
import { worldCurrency } from './place'
import type { CardAct, WorldCards } from './world-cards'
import type { GuestOrder } from './world-cloud'

const dayS = 86_400
const overdueS = 6 * dayS
const watchedS = 60 * dayS
const logMarginS = 3_600

interface Guest extends GuestParty {
  readonly holdMinor: number
  readonly authorizedAtS: EpochSeconds
  readonly notAfterS: EpochSeconds
  readonly state: 'authorized' | 'capturing' | 'captured' | 'cancelling' | 'cancelled'
  readonly refunds: number
  /** Nobody looks after it any more. */
  readonly isOver: boolean
}

export class MemoryGuests {
  readonly #operator: ChangingOperator
  readonly #store: MemoryStore
  readonly #grants: MemoryGrants
  readonly #cards: WorldCards
  readonly #guests: UndoableMap<string, Guest>
  /** Acts that the provider has to be asked for, by their id. */
  readonly #waiting: UndoableMap<string, CardAct>
  /** When each device was last heard, by this cloud's own clock. */
  readonly #heardAtS = new Map<string, EpochSeconds>()

  constructor(operator: ChangingOperator, store: MemoryStore, grants: MemoryGrants, cards: WorldCards) {
    this.#operator = operator
    this.#store = store
    this.#grants = grants
    this.#cards = cards
    this.#guests = store.tables.table()
    this.#waiting = store.tables.table()
  }

  heard(device: string): void {
    this.#heardAtS.set(device, this.#operator.clock.nowS())
  }

  /** The card has promised the amount: a grant for one session stands for it. The same order gives the same grant. */
  async begin(tx: ReconcileTransaction, order: GuestOrder): Promise<Result<Bytes, Refusal>> {
    const { paymentId, amountMinor } = order
    const known = this.#guests.get(paymentId)
    const issued = known === undefined ? undefined : this.#grants.issued.get(known.serial)
    if (issued !== undefined) return ok(issued.bytes)
    if (!order.isCardGood) return err(refusal('account.card-declined'))
    const nowS = this.#operator.clock.nowS()
    const owner = guestAccount(paymentId)
    const serial = this.#grants.freshSerial()
    const notAfterS = addSeconds(nowS, guestGrantHours * 3_600)
    const party = { paymentId, serial, currency: worldCurrency }
    await this.#grants.post(tx, preauthoriseTransfers(party, amountMinor))
    const releaseAfterS = notAfterS + riskDefaults.holdOutlivesGrantDays * dayS
    this.#store.tables.reserves.set(serial, { owner, releaseAfterS, releasedAtS: null, coveredMinor: 0 })
    const capMinor = minorUnits(amountMinor)
    const signed = await this.#grants.sign(owner, {
      serial,
      deviceKey: publicKey(order.devicePublicKey),
      holder: owner,
      currency: worldCurrency,
      capMinor,
      sessionCapMinor: capMinor,
      spendsMax: 1,
      notAfterS,
      keyProtection: 'platform',
    })
    const rest = {
      holdMinor: amountMinor,
      authorizedAtS: nowS,
      notAfterS,
      refunds: 0,
      isOver: false,
    } as const
    this.#guests.set(paymentId, { ...party, ...rest, state: 'authorized' })
    return ok(signed.bytes)
  }

  /** Looks at everybody and writes down what the provider is to be asked. Gives how much there was to do. */
  async sweep(tx: ReconcileTransaction): Promise<number> {
    let acted = 0
    for (const paymentId of [...this.#guests.keys()].sort()) {
      const guest = this.#guests.get(paymentId)
      if (guest === undefined || guest.isOver) continue
      const { state } = guest
      if (state === 'authorized' || state === 'captured') {
        const money = this.#moneyOf(guest)
        const decision = decideGuest({ ...this.#standingOf(guest), state, money })
        if (decision.kind !== 'wait') acted += 1
        await this.#act(tx, guest, decision, money)
      }
      this.#noteLook(paymentId)
    }
    return acted
  }

  /** What was asked for comes about, and the provider says so; perhaps more than once. */
  async askProvider(tx: ReconcileTransaction): Promise<number> {
    const acts = [...this.#waiting.list()]
    for (const [actId, act] of acts) {
      this.#cards.act(act)
      await this.#takeEvent(tx, act)
      await this.#takeEvent(tx, act)
      this.#waiting.delete(actId)
    }
    return acts.length
  }

  async #act(
    tx: ReconcileTransaction,
    guest: Guest,
    decision: GuestDecision,
    money: GuestMoney,
  ): Promise<void> {
    switch (decision.kind) {
      case 'wait':
        return
      case 'lose':
        return this.#grants.post(tx, lapseTransfers(guest, money))
      case 'cancel':
      case 'capture': {
        const { kind } = decision
        await this.#grants.post(tx, releaseTransfers(guest, decision, money))
        this.#ask(guest, kind, kind === 'capture' ? decision.amountMinor : 0, kind)
        this.#change(guest.paymentId, { state: kind === 'capture' ? 'capturing' : 'cancelling' })
        return
      }
      case 'refund': {
        const suffix = `refund-${guest.refunds + 1}`
        this.#change(guest.paymentId, { refunds: guest.refunds + 1 })
        const { transfers, refundMinor } = refundTransfers(
          guest,
          decision.amountMinor,
          money,
          `${guest.paymentId}/${suffix}`,
        )
        await this.#grants.post(tx, transfers)
        if (refundMinor > 0) this.#ask(guest, 'refund', refundMinor, suffix)
      }
    }
  }

  #ask({ paymentId }: Guest, kind: CardAct['kind'], amountMinor: number, suffix: string): void {
    const actId = `${paymentId}/${suffix}`
    this.#waiting.set(actId, { actId, paymentId, kind, amountMinor })
  }

  async #takeEvent(tx: ReconcileTransaction, { paymentId, kind, amountMinor }: CardAct): Promise<void> {
    const guest = this.#guests.get(paymentId)
    if (guest === undefined) return
    if (kind === 'capture' && guest.state === 'capturing') {
      await this.#grants.post(tx, captureTransfers(guest, amountMinor, this.#moneyOf(guest)))
      this.#change(paymentId, { state: 'captured' })
    } else if (kind === 'cancel' && guest.state === 'cancelling') {
      await this.#grants.post(tx, lapseTransfers(guest, this.#moneyOf(guest)))
      this.#change(paymentId, { state: 'cancelled', isOver: true })
      const { reserves } = this.#store.tables
      const reserve = reserves.get(guest.serial)
      const nowS = this.#operator.clock.nowS()
      if (reserve !== undefined) reserves.set(guest.serial, { ...reserve, releasedAtS: nowS })
      if (guest.notAfterS > nowS) await tx.revokeGrant(guest.serial, guest.notAfterS, 'card-promise-ended')
    }
  }

  #standingOf({ serial, holdMinor, authorizedAtS, notAfterS }: Guest) {
    const { sessionsOfSerial, sessions } = this.#store.tables
    const nowS = this.#operator.clock.nowS()
    const known = (sessionsOfSerial.get(serial) ?? []).flatMap((id) => sessions.get(id) ?? [])
    const isOpen = known.some(({ holdState }) => holdState !== 'resolved')
    const hasExpired = nowS > notAfterS
    return {
      holdMinor,
      sessions: known.length === 0 ? ('none' as const) : isOpen ? ('open' as const) : ('decided' as const),
      isDisputed: known.some(({ disputedMinor }) => disputedMinor > 0),
      hasExpired,
      logsReachEnd: hasExpired && this.#doLogsReach(notAfterS + logMarginS),
      isOverdue: nowS >= authorizedAtS + overdueS,
    }
  }

  /** By the chargers' clocks and by ours: neither alone is to be believed. */
  #doLogsReach(timeS: number): boolean {
    const { certificates, logs } = this.#store.tables
    const held = [...logs.list()]
    return [...certificates.keys()].every(
      (device) =>
        (this.#heardAtS.get(device) ?? 0) >= timeS &&
        held.some(([name, { checkpointAtS }]) => name.split(' ')[0] === device && checkpointAtS >= timeS),
    )
  }

  #moneyOf({ paymentId, serial }: { readonly paymentId: string; readonly serial: GrantSerial }): GuestMoney {
    const { ledger } = this.#store.tables
    const balance = (account: LedgerAccount) => ledger.balance(account, worldCurrency)
    const reserve = balance(reserveAccount(serial))
    return {
      cardMinor: balance(cardAuthorizedAccount(paymentId)).postedMinor,
      reserveMinor: reserve.postedMinor,
      pendingMinor: reserve.pendingMinor,
      ownerMinor: balance(guestAccount(paymentId)).availableMinor,
    }
  }

  #change(paymentId: string, change: Partial<Guest>): void {
    const guest = this.#guests.get(paymentId)
    if (guest !== undefined) this.#guests.set(paymentId, { ...guest, ...change })
  }

  #noteLook(paymentId: string): void {
    const guest = this.#guests.get(paymentId)
    if (guest === undefined) return
    const isLate = this.#operator.clock.nowS() > guest.authorizedAtS + watchedS
    // What has just been decided about is looked at once more when the provider has answered.
    if (isLate && (guest.state === 'authorized' || guest.state === 'captured'))
      this.#change(paymentId, { isOver: true })
  }
}
