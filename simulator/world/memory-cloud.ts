/**
 * The cloud of a world in memory: the real reconciliation on its store in memory. What only the database has (accounts,
 * the issue of grants) is done here in the simplest way that keeps the same promises.
 */

import { toBase64Url, type Bytes } from '@/lib/core/bytes'
import { grantSerial, nonce, publicKey, type PublicKey } from '@/lib/core/ids'
import type { Refusal } from '@/lib/core/reason'
import { expectOk, ok, type Result } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import type { Signer } from '@/lib/crypto/signature'
import { signMessage } from '@/lib/protocol/message'
import { signedTime } from '@/lib/protocol/messages/signed-time'
import {
  cardClearingAccount,
  fleetAccount,
  ownerAccount,
  walletAccount,
  type OwnerAccount,
} from '@/lib/cloud/ledger/accounts'
import type { PasskeyInfo } from '@/lib/cloud/api-types/account'
import { issueMemoryCard } from '@/lib/cloud/ingest/memory-cards'
import { MemoryStore } from '@/lib/cloud/ingest/memory-store'
import type { Enrolment } from '@/charger-kiosk/controller/knowledge'
import type { RoadNews } from '@/lib/roads/road'
import { decodeBundle } from '@/lib/sync/bundle'
import type {
  AccountNews,
  ClaimOrder,
  GrantNews,
  GrantOrder,
  RenewOrder,
  ReportedChain,
  ReportReply,
} from '@/lib/wallet/cloud-port'
import type { TrustNews } from '@/lib/wallet/trust-state'
import { ChangingOperator } from './changing-operator'
import type { Dice } from './dice'
import { memoryBooks } from './memory-books'
import { MemoryChargers } from './memory-chargers'
import { MemoryFleets } from './memory-fleets'
import { MemoryGrants } from './memory-grants'
import { MemoryGuests } from './memory-guests'
import { MemoryWords } from './memory-words'
import { worldCurrency, worldFleet, worldOperator, type WorldSite } from './place'
import { ReconcilingCloud } from './reconciling-cloud'
import { bytesOf, serialsOf } from './sync-words'
import type { OpenWorldCloud } from './world'
import { WorldCards } from './world-cards'
import type { CardOrder, CloudBooks, GuestOrder, RaiseOrder, TokenOrder, WorldCloud } from './world-cloud'

export const openMemoryCloud: OpenWorldCloud = async ({ clock, dice }) => {
  const operator = await ChangingOperator.begin(clock)
  return new MemoryCloud(operator, new MemoryStore(operator), dice)
}

class MemoryCloud extends ReconcilingCloud implements WorldCloud {
  readonly operator = worldOperator
  readonly #operator: ChangingOperator
  readonly #store: MemoryStore
  readonly #grants: MemoryGrants
  readonly #words: MemoryWords
  readonly #chargers: MemoryChargers
  readonly #fleets: MemoryFleets
  readonly #guests: MemoryGuests
  readonly #dice: Dice
  readonly cards = new WorldCards()

  constructor(operator: ChangingOperator, store: MemoryStore, dice: Dice) {
    const config = { tenant: worldOperator, currency: worldCurrency, runsWorker: true }
    super(config, store, operator.clock, () => operator.issuer)
    this.#operator = operator
    this.#store = store
    this.#dice = dice
    this.#grants = new MemoryGrants(operator, store, dice)
    this.#words = new MemoryWords(operator, store, this.#grants)
    this.#chargers = new MemoryChargers(operator, store)
    this.#fleets = new MemoryFleets(operator, store, this.#grants, dice)
    this.#guests = new MemoryGuests(operator, store, this.#grants, this.cards)
  }

  async enrol(chargerId: string, key: PublicKey, site: WorldSite): Promise<Enrolment> {
    const certificate = await this.#chargers.enrol(chargerId, key, site)
    const news = await this.#store.transaction((tx) => tx.news())
    return {
      root: this.#operator.root,
      certificate,
      trustList: bytesOf(news.trustList),
      revocations: bytesOf(news.revocations),
      policy: bytesOf(news.policy),
    }
  }

  async openAccount(accountId: string, creditMinor: number, passkey: PasskeyInfo | undefined): Promise<void> {
    if (passkey !== undefined) this.#grants.passkeys.set(accountId, passkey)
    await this.#payIn(walletAccount(accountId), accountId, creditMinor)
  }

  openFleet(creditMinor: number): Promise<void> {
    return this.#payIn(fleetAccount(worldFleet), worldFleet, creditMinor)
  }

  issueToken(order: TokenOrder): Promise<Result<string, Refusal>> {
    return this.deciding((tx) => this.#fleets.issueToken(tx, order))
  }

  async claim(order: ClaimOrder): ReturnType<WorldCloud['claim']> {
    const claimed = await this.#newsWith(await this.deciding(() => this.#fleets.claim(order)))
    return claimed.ok ? ok({ ...claimed.value, fleetName: worldFleet }) : claimed
  }

  async payAsGuest(order: GuestOrder): Promise<Result<GrantNews, Refusal>> {
    return this.#newsWith(await this.deciding((tx) => this.#guests.begin(tx, order)))
  }

  issueCard(order: CardOrder): ReturnType<WorldCloud['issueCard']> {
    const { clock, issuer } = this.#operator
    const maker = { tenant: worldOperator, currency: worldCurrency, clock, random: this.#dice, issuer }
    const owner = ownerAccount(order.owner)
    return issueMemoryCard(maker, this.#store, { bearer: 'printed', ...order, owner })
  }

  async revokeCard(serial: string): Promise<void> {
    const card = [...this.#store.tables.cards.values()].find((one) => one.serial === serial)
    if (card === undefined) throw new Error(`${serial} is no card of ours`)
    await this.#store.transaction((tx) => tx.revokeGrant(card.serial, card.notAfterS, 'operator'))
  }

  async workOnPayments(): Promise<number> {
    const looked = await this.deciding(async (tx) => ok(await this.#guests.sweep(tx)))
    const asked = await this.deciding(async (tx) => ok(await this.#guests.askProvider(tx)))
    return (looked.ok ? looked.value : 0) + (asked.ok ? asked.value : 0)
  }

  async trust(): Promise<TrustNews> {
    const news = await this.#store.transaction((tx) => tx.news())
    return { ...news, root: publicKey(news.root), revocationDeltas: await this.#words.deltas() }
  }

  account(accountId: string): Promise<AccountNews> {
    const { ledger } = this.#store.tables
    const { availableMinor } = ledger.balance(walletAccount(accountId), worldCurrency)
    return Promise.resolve({
      accountId,
      balanceMinor: availableMinor,
      reservedMinor: 0,
      currency: worldCurrency,
    })
  }

  async requestGrant(accountId: string, order: GrantOrder): Promise<Result<GrantNews, Refusal>> {
    return this.#newsWith(await this.deciding((tx) => this.#grants.toDriver(tx, accountId, order)))
  }

  async renew(accountId: string | undefined, order: RenewOrder): Promise<Result<GrantNews, Refusal>> {
    const next = await this.deciding((tx) =>
      this.#grants.exchange(tx, accountId, order, (root, nextKey, capMinor) =>
        this.#fleets.follow(tx, root, nextKey, capMinor),
      ),
    )
    return this.#newsWith(next)
  }

  async giveBackRests(): Promise<number> {
    const given = await this.deciding(async (tx) => ok(await this.#grants.giveBackRests(tx)))
    return given.ok ? given.value : 0
  }

  async revoke(serial: string): Promise<void> {
    const grant = this.#grants.issued.get(grantSerial(serial))
    if (grant === undefined) throw new Error(`${serial} is no grant of ours`)
    const { notAfterS } = grant.payload
    await this.#store.transaction((tx) => tx.revokeGrant(grantSerial(serial), notAfterS, 'asked'))
  }

  changePolicy(change: Parameters<WorldCloud['changePolicy']>[0]): Promise<void> {
    return this.#operator.changePolicy(change)
  }

  rotateIssuer(): Promise<void> {
    return this.#operator.rotateIssuer()
  }

  books(): Promise<CloudBooks> {
    return Promise.resolve(memoryBooks(this.#store.tables))
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  async signTime(offerNonce: string): Promise<Result<string, Refusal>> {
    const { clock, issuer } = this.#operator
    const payload = { operator: worldOperator, nonce: nonce(offerNonce), timeS: clock.nowS() }
    return ok(toBase64Url((await signMessage(signedTime, payload, issuer)).bytes))
  }

  issuer(): Signer {
    return this.#operator.issuer
  }

  renewCharger(renewal: Bytes, proof: Bytes): Promise<Result<Bytes, Refusal>> {
    return this.#chargers.renew(renewal, proof)
  }

  veto(id: string, chargerId: string | undefined): Promise<Result<Bytes, Refusal>> {
    return this.#words.veto(id, chargerId)
  }

  raise(accountId: string, order: RaiseOrder): Promise<Result<Bytes, Refusal>> {
    return this.#words.raise(accountId, order)
  }

  protected async besideBundle(bytes: Bytes): Promise<Partial<RoadNews>> {
    const bundle = decodeBundle(bytes)
    if (!bundle.ok) return {}
    const { device } = bundle.value.checkpoint.payload
    this.#guests.heard(device)
    const certificate = await this.#chargers.due(device, bundle.value.certificate)
    return {
      revocationDeltas: (await this.#words.deltas()).map(bytesOf),
      permits: this.#words.ofCharger(device),
      ...(certificate === undefined ? {} : { certificate }),
    }
  }

  protected async besideReport(chains: readonly ReportedChain[]): Promise<Partial<ReportReply>> {
    const permits = this.#words.ofGrants(serialsOf(chains))
    return { permits, revocationDeltas: await this.#words.deltas() }
  }

  async #newsWith(issued: Result<Bytes, Refusal>): Promise<Result<GrantNews, Refusal>> {
    return issued.ok ? ok({ grant: toBase64Url(issued.value), trust: await this.trust() }) : issued
  }

  async #payIn(owner: OwnerAccount, reference: string, amountMinor: number): Promise<void> {
    const transfer = {
      reference,
      kind: 'top-up',
      effect: 'post',
      debit: cardClearingAccount,
      credit: owner,
      currency: worldCurrency,
      amountMinor: minorUnits(amountMinor),
      reason: 'card',
      author: reference,
    } as const
    expectOk(await this.#store.transaction((tx) => tx.post([transfer])), 'the operator’s own transfers post')
  }
}
