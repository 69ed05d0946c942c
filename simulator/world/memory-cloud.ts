/**
 * The cloud of a world in memory: the real reconciliation on its store in memory. What only the database has (accounts,
 * the issue of grants) is done here in the simplest way that keeps the same promises.
 */

import { toBase64Url, toHex, type Bytes } from '@/lib/core/bytes'
import {
  chargerId as toChargerId,
  grantSerial,
  pseudonym,
  publicKey,
  siteId,
  type PublicKey,
} from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, expectOk, ok, type Result } from '@/lib/core/result'
import { addSeconds, minorUnits } from '@/lib/core/units'
import { riskDefaults, wholeUnits } from '@/lib/policy/defaults'
import { signMessage, type VerifiedMessage } from '@/lib/protocol/message'
import { chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { grant as grantMessage, type Grant } from '@/lib/protocol/messages/grant'
import { cardClearingAccount, reserveAccount, walletAccount } from '@/lib/cloud/ledger/accounts'
import type { Transfer } from '@/lib/cloud/ledger/transfer'
import { MemoryStore } from '@/lib/cloud/ingest/memory-store'
import type { Enrolment } from '@/charger-kiosk/controller/knowledge'
import type { AccountNews, GrantNews, GrantOrder } from '@/lib/wallet/cloud-port'
import type { TrustNews } from '@/lib/wallet/trust-state'
import { ChangingOperator } from './changing-operator'
import type { Dice } from './dice'
import { memoryBooks } from './memory-books'
import { worldCurrency, worldOperator } from './place'
import { ReconcilingCloud } from './reconciling-cloud'
import { bytesOf } from './sync-words'
import type { OpenWorldCloud } from './world'
import type { CloudBooks, WorldCloud } from './world-cloud'

const dayS = 86_400

export const openMemoryCloud: OpenWorldCloud = async ({ clock, dice }) => {
  const operator = await ChangingOperator.begin(clock)
  return new MemoryCloud(operator, new MemoryStore(operator), dice)
}

class MemoryCloud extends ReconcilingCloud implements WorldCloud {
  readonly operator = worldOperator
  readonly #operator: ChangingOperator
  readonly #store: MemoryStore
  readonly #dice: Dice
  readonly #grants: VerifiedMessage<Grant>[] = []

  constructor(operator: ChangingOperator, store: MemoryStore, dice: Dice) {
    const config = { tenant: worldOperator, currency: worldCurrency, runsWorker: true }
    super(config, store, operator.clock, () => operator.issuer)
    this.#operator = operator
    this.#store = store
    this.#dice = dice
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

  /** The same grant again while it has room; else another one takes its cap from the balance. */
  async requestGrant(accountId: string, order: GrantOrder): Promise<Result<GrantNews, Refusal>> {
    const { ledger } = this.#store.tables
    const { availableMinor } = ledger.balance(walletAccount(accountId), worldCurrency)
    const live = this.#liveGrant(order)
    if (live !== undefined && (live.hasRoom || availableMinor <= 0))
      return ok(await this.#newsWith(live.bytes))
    const cap = wholeUnits(riskDefaults.roamingCap, worldCurrency)
    const capMinor = minorUnits(Math.min(order.capMinor ?? cap, cap, availableMinor))
    if (capMinor <= 0) return err(refusal('account.insufficient-funds'))
    const granted = await this.#signGrant(order, capMinor)
    await this.#reserve(accountId, granted)
    this.#grants.push(granted)
    return ok(await this.#newsWith(granted.bytes))
  }

  async revoke(serial: string): Promise<void> {
    const grant = this.#grants.find(({ payload }) => payload.serial === serial)
    const { notAfterS } = expectOk(
      grant === undefined ? err('unknown') : ok(grant.payload),
      'a grant of ours',
    )
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

  #liveGrant(order: GrantOrder): { readonly bytes: Bytes; readonly hasRoom: boolean } | undefined {
    const { revoked, ledger, sessionsOfSerial } = this.#store.tables
    const nowS = this.#operator.clock.nowS()
    const grant = this.#grants.findLast(
      ({ payload }) =>
        payload.deviceKey === order.devicePublicKey &&
        payload.notAfterS > nowS + dayS &&
        !revoked.has(payload.serial) &&
        (sessionsOfSerial.get(payload.serial)?.length ?? 0) < payload.spendsMax,
    )
    if (grant === undefined) return undefined
    const { availableMinor } = ledger.balance(reserveAccount(grant.payload.serial), worldCurrency)
    return {
      bytes: grant.bytes,
      hasRoom: availableMinor >= wholeUnits(riskDefaults.firstSeenCap, worldCurrency),
    }
  }

  #signGrant(order: GrantOrder, capMinor: Grant['capMinor']): Promise<VerifiedMessage<Grant>> {
    const nowS = this.#operator.clock.nowS()
    const cap = wholeUnits(riskDefaults.roamingSessionCap, worldCurrency)
    return signMessage(
      grantMessage,
      {
        operator: worldOperator,
        serial: grantSerial(toHex(this.#dice.bytes(8))),
        deviceKey: publicKey(order.devicePublicKey),
        pseudonym: pseudonym(toHex(this.#dice.bytes(8))),
        currency: worldCurrency,
        capMinor,
        sessionCapMinor: minorUnits(Math.min(cap, capMinor)),
        spendsMax: riskDefaults.roamingSpends,
        notBeforeS: addSeconds(nowS, -300),
        notAfterS: addSeconds(nowS, riskDefaults.roamingDays * dayS),
        sites: [],
        keyProtection: order.keyProtection,
      },
      this.#operator.issuer,
    )
  }

  async #reserve(accountId: string, { payload, bytes }: VerifiedMessage<Grant>): Promise<void> {
    const { serial, capMinor, notAfterS } = payload
    const owner = walletAccount(accountId)
    await this.#post({
      reference: serial,
      kind: 'reserve',
      effect: 'post',
      debit: owner,
      credit: reserveAccount(serial),
      currency: worldCurrency,
      amountMinor: capMinor,
      reason: 'grant',
      author: accountId,
    })
    const releaseAfterS = notAfterS + riskDefaults.holdOutlivesGrantDays * dayS
    await this.#store.transaction(() => {
      const reserve = { owner, releaseAfterS, releasedAtS: null, coveredMinor: 0 }
      this.#store.tables.reserves.set(serial, reserve)
      this.#store.tables.grants.set(serial, bytes)
      this.#store.tables.grants.set(serial, bytes)
      return Promise.resolve()
    })
  }

  async #newsWith(grant: Bytes): Promise<GrantNews> {
    return { grant: toBase64Url(grant), trust: await this.trust() }
  }

  async #post(transfer: Transfer): Promise<void> {
    expectOk(await this.#store.transaction((tx) => tx.post([transfer])), 'the operator’s own transfers post')
  }
}
