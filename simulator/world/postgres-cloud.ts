/** The cloud of a world on a real PostgreSQL: every command is the server's own. Each world is a tenant of its own. */

import { toBase64Url, type Bytes } from '@/lib/core/bytes'
import { grantSerial, operatorId, publicKey, type OperatorId, type PublicKey } from '@/lib/core/ids'
import type { Refusal } from '@/lib/core/reason'
import { expectOk, ok, type Result } from '@/lib/core/result'
import { addSeconds, minorUnits } from '@/lib/core/units'
import { nodeSigner } from '@/lib/crypto/node'
import { accountOverview } from '@/lib/cloud/accounts/queries'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { openPostgresStore } from '@/lib/cloud/ingest/postgres-store'
import { issueDriverGrant, renewGrant, revokeGrant } from '@/lib/cloud/issuance/commands'
import { releaseClosedRests } from '@/lib/cloud/issuance/closed-rests'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import { cardClearingAccount, walletAccount } from '@/lib/cloud/ledger/accounts'
import { postTransfers } from '@/lib/cloud/ledger/commands'
import { establishOperator, issuePolicy } from '@/lib/cloud/operator/commands'
import type { Enrolment } from '@/charger-kiosk/controller/knowledge'
import type { RoadNews } from '@/lib/roads/road'
import type { AccountNews, GrantNews, ReportReply } from '@/lib/wallet/cloud-port'
import type { TrustNews } from '@/lib/wallet/trust-state'
import { enrol, openSimulatedCloud } from '@/simulator/replay/simulated-cloud'
import { seededRandom } from '@/simulator/replay/seeded-random'
import { worldVerify } from './keys'
import { postgresBooks } from './postgres-books'
import { ReconcilingCloud } from './reconciling-cloud'
import type { OpenWorldCloud } from './world'
import { bytesOf } from './sync-words'
import type { CloudBooks, WorldCloud, WorldGrantOrder, WorldRenewOrder } from './world-cloud'

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
  readonly #rootSeed: Uint8Array
  #cloud: Cloud
  #rotations = 0

  constructor(cloud: Cloud, rootSeed: Uint8Array) {
    super(cloud.config, openPostgresStore(cloud), cloud.clock, () => this.#cloud.issuer)
    this.operator = cloud.config.tenant
    this.#cloud = cloud
    this.#rootSeed = rootSeed
  }

  enrol(chargerId: string, key: PublicKey): Promise<Enrolment> {
    const setup = { chargerId, siteId: 'kinross', siteLabel: 'Kinross Services', bayLabel: chargerId }
    return enrol(this.#cloud, setup, key)
  }

  async openAccount(accountId: string, creditMinor: number): Promise<void> {
    const { config, db, clock } = this.#cloud
    const posted = await inTenant(db, config.tenant, async (tx) => {
      const account = { tenant: config.tenant, account_id: accountId, created_at_s: clock.nowS() }
      await tx.insertInto('accounts').values(account).execute()
      return postTransfers(tx, config.tenant, [
        {
          reference: accountId,
          kind: 'top-up',
          effect: 'post',
          debit: cardClearingAccount,
          credit: walletAccount(accountId),
          currency: config.currency,
          amountMinor: minorUnits(creditMinor),
          reason: 'card',
          author: accountId,
        },
      ])
    })
    expectOk(posted, 'the operator’s own transfers post')
  }

  async trust(): Promise<TrustNews> {
    const news = await currentTrust(this.#cloud)
    return { ...news, root: publicKey(news.root) }
  }

  account(accountId: string): Promise<AccountNews> {
    return accountOverview(this.#cloud, accountId)
  }

  async requestGrant(accountId: string, order: WorldGrantOrder): Promise<Result<GrantNews, Refusal>> {
    const { devicePublicKey, ...terms } = order
    return this.#newsWith(
      await issueDriverGrant(this.#cloud, { accountId, deviceKey: devicePublicKey, ...terms }),
    )
  }

  async renew(accountId: string | undefined, order: WorldRenewOrder): Promise<Result<GrantNews, Refusal>> {
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

  protected besideBundle(): Promise<Partial<RoadNews>> {
    return Promise.resolve({})
  }

  protected besideReport(): Promise<Partial<ReportReply>> {
    return Promise.resolve({})
  }

  async #newsWith(issued: Result<Bytes, Refusal>): Promise<Result<GrantNews, Refusal>> {
    return issued.ok ? ok({ grant: toBase64Url(issued.value), trust: await this.trust() }) : issued
  }
}
