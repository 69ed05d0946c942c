/**
 * An operator's cloud in memory, for simulated worlds: the real reconciliation, ledger rules and signatures on a store
 * without a disk. Everything that could differ between two runs (time, random bytes, keys) is given by the world, so
 * the same inputs in the same order give the same bytes out. What it does not have: accounts, fleets and HTTP.
 */

import type { Bytes } from '@/lib/core/bytes'
import { toHex } from '@/lib/core/bytes'
import type { Clock, Random } from '@/lib/core/clock'
import { chargerId, grantSerial, siteId } from '@/lib/core/ids'
import type { CurrencyCode, GrantSerial, OperatorId, PublicKey } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { addSeconds, minorUnits } from '@/lib/core/units'
import type { Signer, Verify } from '@/lib/crypto/signature'
import { defaultPolicy, riskDefaults, wholeUnits } from '@/lib/policy/defaults'
import { signMessage } from '@/lib/protocol/message'
import { chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import type { CompactTariff } from '@/lib/protocol/messages/compact-tariff'
import { policy, type Policy } from '@/lib/protocol/messages/policy'
import { trustList } from '@/lib/protocol/messages/trust-list'
import type { ReportResponse } from '../api-types/wallet'
import type { SyncResponse, TrustResponse } from '../api-types/devices'
import { signGrant } from '../issuance/grants'
import {
  cardClearingAccount,
  receivableAccount,
  reserveAccount,
  type LedgerAccount,
  type OwnerAccount,
} from '../ledger/accounts'
import type { Balance, LedgerProof } from '../ledger/queries'
import type { Transfer } from '../ledger/transfer'
import { issueMemoryCard, type MemoryCard, type MemoryCardOrder } from './memory-cards'
import { MemoryStore, type MemoryFaults } from './memory-store'
import type { KeptCase } from './memory-tables'
import { OurGrants } from './our-grants'
import { processWaiting, receiveBundle, receiveReport, type SyncRefusal } from './receive'
import type { Reconciler } from './reconciler'
import { releaseDueReserves } from './release'
import type { SessionRecord } from './store'
import { watchGaps } from './watch-gaps'

export interface MemoryCloudOptions {
  readonly tenant: OperatorId
  readonly currency: CurrencyCode
  readonly clock: Clock
  readonly random: Random
  readonly root: Signer
  readonly issuer: Signer
  /** May remember its verdicts: the same key, message and signature always get the same one. */
  readonly verify: Verify
  readonly tariff: CompactTariff
  /** What differs from the default policy. */
  readonly policy?: Partial<Omit<Policy, 'operator' | 'sequence' | 'tariff'>>
  readonly faults?: MemoryFaults
}

export interface MemoryGrantOrder {
  readonly owner: OwnerAccount
  readonly deviceKey: PublicKey
  readonly capMinor: number
  readonly sessionCapMinor?: number
  readonly spendsMax?: number
  readonly days?: number
}

export interface MemoryCharger {
  readonly chargerId: string
  readonly siteId: string
  readonly siteLabel: string
  readonly bayLabel: string
  readonly key: PublicKey
  readonly days?: number
}

export interface MemoryCloud {
  /** For worlds that call reconciliation's own functions, or the store's transactions. */
  readonly reconciler: Reconciler
  readonly store: MemoryStore
  /** Posts a top-up; what the owner owes is paid first. */
  credit(owner: OwnerAccount, amountMinor: number): Promise<void>
  /** A signed grant whose cap stands in its reserve, or `account.insufficient-funds`. */
  issueGrant(order: MemoryGrantOrder): Promise<Result<Bytes, Refusal>>
  /** A signed printed card or token whose credit stands in its reserve, or `account.insufficient-funds`. */
  issueCard(order: MemoryCardOrder): Promise<Result<MemoryCard, Refusal>>
  revokeGrant(serial: GrantSerial, notAfterS: number): Promise<void>
  /** Certifies another key of a charger; earlier certificates stay known. */
  registerCharger(charger: MemoryCharger): Promise<Bytes>
  receiveBundle(bytes: Bytes): Promise<Result<SyncResponse, SyncRefusal>>
  receiveReport(json: unknown): Promise<Result<ReportResponse, Refusal>>
  /** Works through uploads whose process died. */
  processWaiting(): Promise<number>
  releaseDueReserves(): Promise<number>
  /** Opens cases for what has been missing too long, and ends those that have filled. */
  watchGaps(): Promise<void>
  news(): Promise<TrustResponse>
  /** What is not committed is gone. Whoever waits for an answer gets an error. */
  crash(): void
  balance(account: LedgerAccount): Balance
  prove(): LedgerProof
  transfers(): readonly Transfer[]
  sessions(): readonly SessionRecord[]
  cases(): readonly KeptCase[]
}

const dayS = 86_400

export async function openMemoryCloud(options: MemoryCloudOptions): Promise<MemoryCloud> {
  const { tenant, currency, clock, issuer, verify, faults } = options
  const store = new MemoryStore(await establish(options), faults)
  const reconciler: Reconciler = {
    ...{ config: { tenant, currency, runsWorker: true }, store, clock, verify, issuer },
    verifyVouched: verify,
    grants: new OurGrants(),
  }
  const { ledger, sessions, cases, certificates } = store.tables
  const pseudonymSecret = options.random.bytes(32)
  let topUps = 0
  return {
    reconciler,
    store,
    async credit(owner, amountMinor) {
      topUps += 1
      const reference = `top-up-${topUps}`
      await store.transaction(async (tx) => {
        const receivable = receivableAccount(owner)
        const owed = -((await tx.lockBalances([receivable])).get(receivable)?.postedMinor ?? 0)
        mustPost(await tx.post(topUpOf(reference, owner, amountMinor, owed, currency)))
      })
    },
    issueGrant: (order) => issueGrant(options, store, pseudonymSecret, order),
    issueCard: (order) => issueMemoryCard(options, store, order),
    revokeGrant: (serial, notAfterS) =>
      store.transaction((tx) => tx.revokeGrant(serial, notAfterS, 'operator')),
    async registerCharger(charger) {
      const bytes = await certify(options, charger)
      await store.transaction(async () => {
        const known = certificates.get(charger.chargerId) ?? []
        await Promise.resolve(certificates.set(charger.chargerId, [bytes, ...known]))
      })
      return bytes
    },
    receiveBundle: (bytes) => receiveBundle(reconciler, bytes),
    receiveReport: (json) => receiveReport(reconciler, json),
    processWaiting: () => processWaiting(reconciler),
    releaseDueReserves: () => releaseDueReserves(reconciler),
    watchGaps: () => watchGaps(reconciler),
    news: () => store.transaction((tx) => tx.news()),
    crash: () => store.crash(),
    balance: (account) => ledger.balance(account, currency),
    prove: () => ledger.prove(),
    transfers: () => ledger.all(),
    sessions: () => [...sessions.values()],
    cases: () => [...cases.values()],
  }
}

async function issueGrant(
  { tenant, currency, clock, issuer, random }: MemoryCloudOptions,
  store: MemoryStore,
  pseudonymSecret: Uint8Array,
  order: MemoryGrantOrder,
): Promise<Result<Bytes, Refusal>> {
  const serial = grantSerial(toHex(random.bytes(8)))
  const { owner, deviceKey } = order
  const notAfterS = addSeconds(clock.nowS(), (order.days ?? riskDefaults.roamingDays) * dayS)
  const sessionCap = order.sessionCapMinor ?? wholeUnits(riskDefaults.roamingSessionCap, currency)
  return store.transaction(async (tx) => {
    const posted = await tx.post([reserveOf(serial, order, currency)])
    if (!posted.ok) return err(refusal('account.insufficient-funds'))
    const releaseAfterS = notAfterS + riskDefaults.holdOutlivesGrantDays * dayS
    store.tables.reserves.set(serial, { owner, releaseAfterS, releasedAtS: null, coveredMinor: 0 })
    const signed = await signGrant(
      { config: { tenant }, clock, issuer, pseudonymSecret },
      {
        ...{ serial, deviceKey, holder: owner, currency, notAfterS, keyProtection: 'platform' as const },
        capMinor: minorUnits(order.capMinor),
        sessionCapMinor: minorUnits(sessionCap),
        spendsMax: order.spendsMax ?? riskDefaults.roamingSpends,
      },
    )
    store.tables.grants.set(serial, signed.bytes)
    return ok(signed.bytes)
  })
}

/** The root vouches for the issuer, and a first policy is in force. */
async function establish({ tenant, currency, clock, root, issuer, tariff, ...options }: MemoryCloudOptions) {
  const nowS = clock.nowS()
  const notBeforeS = addSeconds(nowS, -dayS)
  const issuers = [{ key: issuer.publicKey, notBeforeS, notAfterS: addSeconds(nowS, 2 * 365 * dayS) }]
  const terms = { ...defaultPolicy(tenant, 1, tariff, notBeforeS), ...options.policy }
  return {
    ...{ tenant, currency, clock, issuer, root: root.publicKey },
    trustList: await signMessage(trustList, { operator: tenant, sequence: 1, timeS: nowS, issuers }, root),
    policy: (await signMessage(policy, terms, issuer)).bytes,
  }
}

async function certify(
  { tenant, clock, issuer }: MemoryCloudOptions,
  { days = 365, ...charger }: MemoryCharger,
): Promise<Bytes> {
  const notBeforeS = addSeconds(clock.nowS(), -dayS)
  const payload = {
    operator: tenant,
    chargerId: chargerId(charger.chargerId),
    key: charger.key,
    siteId: siteId(charger.siteId),
    siteLabel: charger.siteLabel,
    bayLabel: charger.bayLabel,
    notBeforeS,
    notAfterS: addSeconds(notBeforeS, days * dayS),
    capabilities: 1,
  }
  return (await signMessage(chargerCertificate, payload, issuer)).bytes
}

function topUpOf(
  reference: string,
  owner: OwnerAccount,
  amountMinor: number,
  owedMinor: number,
  currency: CurrencyCode,
): readonly Transfer[] {
  const base = { reference, currency, effect: 'post', reason: 'card', author: 'operator' } as const
  const paid = {
    ...base,
    kind: 'top-up',
    debit: cardClearingAccount,
    credit: owner,
    amountMinor: minorUnits(amountMinor),
  } as const
  const recovered = Math.min(owedMinor, amountMinor)
  if (recovered <= 0) return [paid]
  const credit = receivableAccount(owner)
  return [paid, { ...base, kind: 'recover', debit: owner, credit, amountMinor: minorUnits(recovered) }]
}

const reserveOf = (serial: GrantSerial, order: MemoryGrantOrder, currency: CurrencyCode): Transfer => ({
  reference: serial,
  kind: 'reserve',
  effect: 'post',
  debit: order.owner,
  credit: reserveAccount(serial),
  currency,
  amountMinor: minorUnits(order.capMinor),
  reason: 'grant',
  author: order.owner,
})

function mustPost(posted: Result<unknown, unknown>): void {
  if (!posted.ok) throw new Error(`Credit cannot be posted: ${JSON.stringify(posted.error)}`)
}
