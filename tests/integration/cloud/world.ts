/**
 * An operator on a real database with a phone and a charger beside it, which sign real messages with keys of their
 * own. Time stands still unless the test moves it.
 */

import { randomBytes } from 'node:crypto'
import { fromBase64Url, fromHex, toBytes, toHex, type Bytes } from '@/lib/core/bytes'
import { EUR } from '@/lib/core/currency'
import { operatorId } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { durationMs, epochSeconds, type MinorUnits } from '@/lib/core/units'
import { verifyWithNode } from '@/lib/crypto/node'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { enrolCharger, issueDriverGrant } from '@/lib/cloud/issuance/commands'
import { walletAccount, type LedgerAccount } from '@/lib/cloud/ledger/accounts'
import { balanceOf, proveLedger } from '@/lib/cloud/ledger/queries'
import { establishOperator, registerCharger } from '@/lib/cloud/operator/commands'
import { operatorSealing } from '@/lib/cloud/parcels/operator-sealing'
import { systemRandom } from '@/lib/cloud/system'
import { topUp } from '@/lib/cloud/topup/commands'
import { sandboxCards } from '@/lib/cloud/topup/sandbox-cards'
import { freshSigner, TestCharger, TestPhone } from '../../fixtures/session-actors'
import type { TestDatabase } from '../database-fixture'

export { freshSigner, type TestSession } from '../../fixtures/session-actors'

/** 2026-09-01T12:00:00Z. */
export const startS = 1_788_264_000

export interface World {
  readonly cloud: Cloud
  /** Moves the operator's clock. */
  pass(spanS: number): void
}

let worldCount = 0

/** Each world is a tenant of its own, so that tests of one file share a database and nothing else. */
export async function openWorld(database: TestDatabase): Promise<World> {
  let nowS = startS
  worldCount += 1
  const cloud: Cloud = {
    config: {
      tenant: operatorId(`w${worldCount}`),
      currency: EUR,
      origin: 'http://localhost:3000',
      rpId: 'localhost',
      isHttps: false,
      dataFolder: '',
      keyFolder: '',
      keyPassphrase: '',
      isDemo: true,
      runsWorker: true,
    },
    db: database.db,
    clock: {
      nowS: () => epochSeconds(nowS),
      monotonicMs: () => durationMs(Math.floor(performance.now())),
    },
    random: systemRandom,
    verify: verifyWithNode,
    issuer: freshSigner(),
    pseudonymSecret: randomBytes(32),
    sealing: await operatorSealing(randomBytes(32)),
    cards: sandboxCards('world'),
  }
  await establishOperator(cloud, freshSigner(), 'Test operator')
  return { cloud, pass: (spanS) => (nowS += spanS) }
}

/** An account with credit, without its passkey ceremony. */
export async function openAccount(cloud: Cloud, amountMinor: number): Promise<string> {
  const { tenant } = cloud.config
  const accountId = toHex(randomBytes(16))
  await inTenant(cloud.db, tenant, (tx) =>
    tx.insertInto('accounts').values({ tenant, account_id: accountId, created_at_s: startS }).execute(),
  )
  if (amountMinor > 0) await payIn(cloud, accountId, amountMinor)
  return accountId
}

export async function payIn(cloud: Cloud, accountId: string, amountMinor: number): Promise<void> {
  const paid = await topUp(cloud, {
    owner: walletAccount(accountId),
    amountMinor,
    currency: EUR,
    cardNumber: '4242424242424242',
    idempotencyKey: toHex(randomBytes(8)),
    author: accountId,
  })
  expectOk(paid, 'top-up')
}

export const balanceMinor = async (cloud: Cloud, account: LedgerAccount): Promise<MinorUnits> =>
  (await inTenant(cloud.db, cloud.config.tenant, (tx) => balanceOf(tx, cloud.config.tenant, account, EUR)))
    .postedMinor

export const availableMinor = async (cloud: Cloud, account: LedgerAccount): Promise<MinorUnits> =>
  (await inTenant(cloud.db, cloud.config.tenant, (tx) => balanceOf(tx, cloud.config.tenant, account, EUR)))
    .availableMinor

export const proof = (cloud: Cloud) =>
  inTenant(cloud.db, cloud.config.tenant, (tx) => proveLedger(tx, cloud.config.tenant))

export class Phone extends TestPhone {
  static async withGrant(cloud: Cloud, accountId: string, capMinor?: number): Promise<TestPhone> {
    const signer = freshSigner()
    const issued = await issueDriverGrant(cloud, {
      accountId,
      deviceKey: signer.publicKey,
      keyProtection: 'platform',
      ...(capMinor === undefined ? {} : { capMinor }),
    })
    return Phone.holding(expectOk(issued, 'grant'), signer)
  }
}

export class Charger extends TestCharger {
  static async enrolled(
    cloud: Cloud,
    id = `KIN-${toHex(randomBytes(3))}`,
    siteId = 'kinross',
  ): Promise<TestCharger> {
    const { enrolmentCode } = await registerCharger(cloud, {
      chargerId: id,
      siteId,
      siteLabel: 'Kinross Services',
      bayLabel: 'Bay 2',
    })
    const signer = freshSigner()
    const request = { code: enrolmentCode, chargerId: id, publicKey: signer.publicKey }
    return TestCharger.holding(
      id,
      signer,
      expectOk(await enrolCharger(cloud, request), 'enrolment'),
      cloud.clock.nowS(),
    )
  }
}

export const bytesOf = (text: string): Bytes => fromBase64Url(text) ?? toBytes(fromHex(''))
