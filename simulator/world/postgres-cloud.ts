/** The cloud of a world on a real PostgreSQL: every command is the server's own. Each world is a tenant of its own. */

import { toBase64Url, type Bytes } from '@/lib/core/bytes'
import {
  chargerId as toChargerId,
  grantSerial,
  operatorId,
  publicKey,
  type OperatorId,
  type PublicKey,
} from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, expectOk, ok, type Result } from '@/lib/core/result'
import { addSeconds } from '@/lib/core/units'
import type { Signer } from '@/lib/crypto/signature'
import { nodeSigner } from '@/lib/crypto/node'
import type { PasskeyInfo } from '@/lib/cloud/api-types/account'
import { accountOverview } from '@/lib/cloud/accounts/queries'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { claimToken, issueToken } from '@/lib/cloud/fleet/commands'
import { openPostgresStore } from '@/lib/cloud/ingest/postgres-store'
import {
  issueDriverGrant,
  raiseGrantCap,
  renewCharger,
  renewGrant,
  revokeGrant,
  signTime,
} from '@/lib/cloud/issuance/commands'
import { releaseClosedRests } from '@/lib/cloud/issuance/closed-rests'
import { certificateFor } from '@/lib/cloud/issuance/certificates'
import { permitsOfCharger, permitsOfGrants } from '@/lib/cloud/issuance/permits'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import { revocationNews } from '@/lib/cloud/issuance/revocations'
import { fleetAccount, ownerAccount, walletAccount } from '@/lib/cloud/ledger/accounts'
import { postTransfers } from '@/lib/cloud/ledger/commands'
import { startGuestPayment, workOnPayments } from '@/lib/cloud/topup/commands'
import {
  establishOperator,
  issuePolicy,
  issueVouchers,
  registerFleet,
  revokeSerial,
  veto,
} from '@/lib/cloud/operator/commands'
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
import { enrol, openSimulatedCloud } from '@/simulator/replay/simulated-cloud'
import { seededRandom } from '@/simulator/replay/seeded-random'
import { worldVerify } from './keys'
import { siteLabels, worldFleet, type WorldSite } from './place'
import { postgresBooks } from './postgres-books'
import { paidIn, passkeyRow, recordedBy } from './postgres-givens'
import { ReconcilingCloud } from './reconciling-cloud'
import type { OpenWorldCloud } from './world'
import { bytesOf, serialsOf } from './sync-words'
import { WorldCards } from './world-cards'
import type { CardOrder, CloudBooks, GuestOrder, RaiseOrder, TokenOrder, WorldCloud } from './world-cloud'

const dayS = 86_400
/** Longer than any world lasts. */
const lifeS = 3_000 * dayS

/** @param databaseUrl a migrated database in which no world of these seeds has lived. */
export const postgresClouds =
  (databaseUrl: string): OpenWorldCloud =>
  async ({ seed, clock, dice }) => {
    const keys = seededRandom('world operator')
    const opened = await openSimulatedCloud({
      databaseUrl,
      tenant: operatorId(`w${seed}`),
      clock,
      random: dice,
      keys,
    })
    const cloud: Cloud = { ...opened, verify: worldVerify }
    await issuePolicy(cloud, { notAfterS: addSeconds(clock.nowS(), lifeS) })
    return new PostgresCloud(cloud, seededRandom('world operator').bytes(32))
  }

class PostgresCloud extends ReconcilingCloud implements WorldCloud {
  readonly operator: OperatorId
  readonly cards = new WorldCards()
  readonly #rootSeed: Uint8Array
  #cloud: Cloud
  #rotations = 0
  #tokens = 0
  #cards = 0

  constructor(cloud: Cloud, rootSeed: Uint8Array) {
    super(cloud.config, openPostgresStore(cloud), cloud.clock, () => this.#cloud.issuer)
    this.operator = cloud.config.tenant
    this.#cloud = { ...cloud, cards: recordedBy(this.cards, cloud.cards) }
    this.#rootSeed = rootSeed
  }

  enrol(chargerId: string, key: PublicKey, site: WorldSite): Promise<Enrolment> {
    const setup = { chargerId, siteId: site, siteLabel: siteLabels[site], bayLabel: chargerId }
    return enrol(this.#cloud, setup, key)
  }

  async openAccount(accountId: string, creditMinor: number, passkey: PasskeyInfo | undefined): Promise<void> {
    const { config, db, clock } = this.#cloud
    const posted = await inTenant(db, config.tenant, async (tx) => {
      const account = { tenant: config.tenant, account_id: accountId, created_at_s: clock.nowS() }
      await tx.insertInto('accounts').values(account).execute()
      if (passkey !== undefined)
        await tx.insertInto('passkeys').values(passkeyRow(account, passkey)).execute()
      return postTransfers(tx, config.tenant, [
        paidIn(walletAccount(accountId), accountId, creditMinor, config.currency),
      ])
    })
    expectOk(posted, 'the operator’s own transfers post')
  }

  async openFleet(creditMinor: number): Promise<void> {
    const { config, db, clock } = this.#cloud
    const manager = { tenant: config.tenant, account_id: 'manager', created_at_s: clock.nowS() }
    await inTenant(db, config.tenant, (tx) => tx.insertInto('accounts').values(manager).execute())
    const fleet = { fleetId: worldFleet, fleetNumber: 1, name: worldFleet, managerId: 'manager' }
    await registerFleet(this.#cloud, fleet)
    const posted = await inTenant(db, config.tenant, (tx) =>
      postTransfers(tx, config.tenant, [
        paidIn(fleetAccount(worldFleet), worldFleet, creditMinor, config.currency),
      ]),
    )
    expectOk(posted, 'the operator’s own transfers post')
  }

  async issueToken(order: TokenOrder): Promise<Result<string, Refusal>> {
    this.#tokens += 1
    const issued = await issueToken(this.#cloud, {
      ...order,
      fleetId: worldFleet,
      driverName: 'driver',
      idempotencyKey: `token ${this.#tokens}`,
      author: 'manager',
    })
    return issued.ok ? ok(issued.value.claimCode) : issued
  }

  async claim({ code, devicePublicKey, keyProtection }: ClaimOrder): ReturnType<WorldCloud['claim']> {
    const claimed = await claimToken(this.#cloud, { code, deviceKey: devicePublicKey, keyProtection })
    if (!claimed.ok) return claimed
    const { grant, fleetName } = claimed.value
    return ok({ grant: toBase64Url(grant), trust: await this.trust(), fleetName })
  }

  async payAsGuest(order: GuestOrder): Promise<Result<GrantNews, Refusal>> {
    const started = await startGuestPayment(this.#cloud, {
      amountMinor: order.amountMinor,
      currency: this.#cloud.config.currency,
      cardNumber: order.isCardGood ? '4242424242424242' : '4000000000000002',
      deviceKey: order.devicePublicKey,
      keyProtection: 'platform',
      claimToken: order.token,
    })
    if (!started.ok) return started
    return started.value.state === 'ready'
      ? this.#newsWith(ok(started.value.grant))
      : err(refusal('payment.provider'))
  }

  async issueCard(order: CardOrder): ReturnType<WorldCloud['issueCard']> {
    this.#cards += 1
    const issued = await issueVouchers(this.#cloud, {
      bearer: 'printed',
      ...order,
      batch: `card ${this.#cards}`,
      count: 1,
      owner: ownerAccount(order.owner),
      author: 'operator',
    })
    if (!issued.ok) return issued
    const [card] = issued.value
    if (card === undefined) throw new Error('A batch of one has one card')
    return ok({ bytes: card.bytes })
  }

  async revokeCard(serial: string): Promise<void> {
    const revoked = await revokeSerial(this.#cloud, { serial: grantSerial(serial), author: 'operator' })
    expectOk(revoked, 'a card of ours is known')
  }

  workOnPayments(): Promise<number> {
    return workOnPayments(this.#cloud)
  }

  async trust(): Promise<TrustNews> {
    const news = await currentTrust(this.#cloud)
    return { ...news, root: publicKey(news.root) }
  }

  account(accountId: string): Promise<AccountNews> {
    return accountOverview(this.#cloud, accountId)
  }

  async requestGrant(accountId: string, order: GrantOrder): Promise<Result<GrantNews, Refusal>> {
    const { devicePublicKey, ...terms } = order
    return this.#newsWith(
      await issueDriverGrant(this.#cloud, { accountId, deviceKey: devicePublicKey, ...terms }),
    )
  }

  async renew(accountId: string | undefined, order: RenewOrder): Promise<Result<GrantNews, Refusal>> {
    const { devicePublicKey, close, ...terms } = order
    const request = { accountId, deviceKey: devicePublicKey, close: bytesOf(close), ...terms }
    return this.#newsWith(await renewGrant(this.#cloud, request))
  }

  giveBackRests(): Promise<number> {
    return releaseClosedRests(this.#cloud)
  }

  async revoke(serial: string): Promise<void> {
    const { config, db } = this.#cloud
    await inTenant(db, config.tenant, async (tx) => {
      const { not_after_s: notAfterS } = await tx
        .selectFrom('grants')
        .select('not_after_s')
        .where('tenant', '=', config.tenant)
        .where('serial', '=', serial)
        .executeTakeFirstOrThrow()
      await revokeGrant(this.#cloud, tx, grantSerial(serial), notAfterS, 'asked')
    })
  }

  async changePolicy(change: Parameters<WorldCloud['changePolicy']>[0]): Promise<void> {
    // The server's own command refuses prices in money that the books are not kept in.
    const { currency } = this.#cloud.config
    if (change.tariff === undefined || change.tariff.currency === currency)
      await issuePolicy(this.#cloud, change)
  }

  async rotateIssuer(): Promise<void> {
    this.#rotations += 1
    const issuer = nodeSigner(seededRandom(`world issuer ${this.#rotations}`).bytes(32))
    this.#cloud = { ...this.#cloud, issuer }
    await establishOperator(this.#cloud, nodeSigner(this.#rootSeed), 'Simulation')
  }

  books(): Promise<CloudBooks> {
    return postgresBooks(this.#cloud)
  }

  async close(): Promise<void> {
    await this.#cloud.db.destroy()
  }

  async signTime(nonce: string): Promise<Result<string, Refusal>> {
    const signed = await signTime(this.#cloud, nonce)
    return signed.ok ? ok(toBase64Url(signed.value)) : signed
  }

  issuer(): Signer {
    return this.#cloud.issuer
  }

  renewCharger(renewal: Bytes, proof: Bytes): Promise<Result<Bytes, Refusal>> {
    return renewCharger(this.#cloud, { renewal, proof })
  }

  veto(id: string, chargerId: string | undefined): Promise<Result<Bytes, Refusal>> {
    const where = chargerId === undefined ? {} : { chargerId }
    return veto(this.#cloud, { id, ...where, author: 'operator' })
  }

  raise(accountId: string, { serial, chargerId, maximumMinor }: RaiseOrder): Promise<Result<Bytes, Refusal>> {
    const order = { serial: grantSerial(serial), chargerId: toChargerId(chargerId), maximumMinor }
    return raiseGrantCap(this.#cloud, { accountId, ...order })
  }

  protected async besideBundle(bytes: Bytes): Promise<Partial<RoadNews>> {
    const bundle = decodeBundle(bytes)
    if (!bundle.ok) return {}
    const { certificate: shown, checkpoint } = bundle.value
    const charger = toChargerId(checkpoint.payload.device)
    const { config, db } = this.#cloud
    return inTenant(db, config.tenant, async (tx) => {
      const { deltas } = await revocationNews(this.#cloud, tx)
      const permits = await permitsOfCharger(this.#cloud, tx, charger)
      const certificate = await certificateFor(this.#cloud, tx, charger, shown)
      return {
        revocationDeltas: deltas.map(bytesOf),
        permits: permits.map(bytesOf),
        ...(certificate === undefined ? {} : { certificate }),
      }
    })
  }

  protected async besideReport(chains: readonly ReportedChain[]): Promise<Partial<ReportReply>> {
    const { config, db } = this.#cloud
    return inTenant(db, config.tenant, async (tx) => {
      const { deltas } = await revocationNews(this.#cloud, tx)
      return { revocationDeltas: deltas, permits: await permitsOfGrants(this.#cloud, tx, serialsOf(chains)) }
    })
  }

  async #newsWith(issued: Result<Bytes, Refusal>): Promise<Result<GrantNews, Refusal>> {
    return issued.ok ? ok({ grant: toBase64Url(issued.value), trust: await this.trust() }) : issued
  }
}
