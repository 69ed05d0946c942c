/**
 * The cloud of a world in memory: the real reconciliation on its store in memory. What only the database has (accounts,
 * the issue of grants) is done here in the simplest way that keeps the same promises.
 */

import { toBase64Url, type Bytes } from '@/lib/core/bytes'
import { chargerId as toChargerId, grantSerial, publicKey, siteId, type PublicKey } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, expectOk, ok, type Result } from '@/lib/core/result'
import { addSeconds, minorUnits } from '@/lib/core/units'
import { signMessage } from '@/lib/protocol/message'
import { chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { cardClearingAccount, walletAccount } from '@/lib/cloud/ledger/accounts'
import type { Transfer } from '@/lib/cloud/ledger/transfer'
import { MemoryStore } from '@/lib/cloud/ingest/memory-store'
import type { Enrolment } from '@/charger-kiosk/controller/knowledge'
import type { RoadNews } from '@/lib/roads/road'
import type { AccountNews, GrantNews, ReportReply } from '@/lib/wallet/cloud-port'
import type { TrustNews } from '@/lib/wallet/trust-state'
import { ChangingOperator } from './changing-operator'
import type { Dice } from './dice'
import { memoryBooks } from './memory-books'
import { MemoryGrants } from './memory-grants'
import { worldCurrency, worldOperator } from './place'
import { ReconcilingCloud } from './reconciling-cloud'
import { bytesOf } from './sync-words'
import type { OpenWorldCloud } from './world'
import type { CloudBooks, WorldCloud, WorldGrantOrder, WorldRenewOrder } from './world-cloud'

const dayS = 86_400

export const openMemoryCloud: OpenWorldCloud = async ({ clock, dice }) => {
  const operator = await ChangingOperator.begin(clock)
  return new MemoryCloud(operator, new MemoryStore(operator), dice)
}

class MemoryCloud extends ReconcilingCloud implements WorldCloud {
  readonly operator = worldOperator
  readonly #operator: ChangingOperator
  readonly #store: MemoryStore
  readonly #grants: MemoryGrants

  constructor(operator: ChangingOperator, store: MemoryStore, dice: Dice) {
    const config = { tenant: worldOperator, currency: worldCurrency, runsWorker: true }
    super(config, store, operator.clock, () => operator.issuer)
    this.#operator = operator
    this.#store = store
    this.#grants = new MemoryGrants(operator, store, dice)
  }

  async enrol(chargerId: string, key: PublicKey): Promise<Enrolment> {
    const { issuer, clock, root } = this.#operator
    const certificate = await signMessage(
      chargerCertificate,
      {
        operator: worldOperator,
        chargerId: toChargerId(chargerId),
        key,
        siteId: siteId('kinross'),
        siteLabel: 'Kinross Services',
        bayLabel: chargerId,
        notBeforeS: addSeconds(clock.nowS(), -dayS),
        notAfterS: addSeconds(clock.nowS(), 2_000 * dayS),
        capabilities: 1,
      },
      issuer,
    )
    const { certificates } = this.#store.tables
    const news = await this.#store.transaction((tx) => {
      certificates.set(chargerId, [certificate.bytes, ...(certificates.get(chargerId) ?? [])])
      return tx.news()
    })
    return {
      root,
      certificate: certificate.bytes,
      trustList: bytesOf(news.trustList),
      revocations: bytesOf(news.revocations),
      policy: bytesOf(news.policy),
    }
  }

  async openAccount(accountId: string, creditMinor: number): Promise<void> {
    await this.#post({
      reference: accountId,
      kind: 'top-up',
      effect: 'post',
      debit: cardClearingAccount,
      credit: walletAccount(accountId),
      currency: worldCurrency,
      amountMinor: minorUnits(creditMinor),
      reason: 'card',
      author: accountId,
    })
  }

  async trust(): Promise<TrustNews> {
    const news = await this.#store.transaction((tx) => tx.news())
    return { ...news, root: publicKey(news.root) }
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

  async requestGrant(accountId: string, order: WorldGrantOrder): Promise<Result<GrantNews, Refusal>> {
    return this.#newsWith(await this.deciding((tx) => this.#grants.toDriver(tx, accountId, order)))
  }

  async renew(accountId: string | undefined, order: WorldRenewOrder): Promise<Result<GrantNews, Refusal>> {
    const next = await this.deciding((tx) =>
      this.#grants.exchange(tx, accountId, order, () => Promise.resolve(err(refusal('grant.missing')))),
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

  protected besideBundle(): Promise<Partial<RoadNews>> {
    return Promise.resolve({})
  }

  protected besideReport(): Promise<Partial<ReportReply>> {
    return Promise.resolve({})
  }

  async #newsWith(issued: Result<Bytes, Refusal>): Promise<Result<GrantNews, Refusal>> {
    return issued.ok ? ok({ grant: toBase64Url(issued.value), trust: await this.trust() }) : issued
  }

  async #post(transfer: Transfer): Promise<void> {
    expectOk(await this.#store.transaction((tx) => tx.post([transfer])), 'the operator’s own transfers post')
  }
}
