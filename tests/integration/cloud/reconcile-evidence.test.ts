import { afterAll, beforeAll } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { openCasesOf } from '@/lib/cloud/cases/queries'
import { inTenant } from '@/lib/cloud/database/connection'
import { receiveBundle, receiveReport, watchGaps } from '@/lib/cloud/ingest/commands'
import { enrolCharger } from '@/lib/cloud/issuance/commands'
import {
  reserveAccount,
  revenueAccount,
  taxAccount,
  walletAccount,
  type LedgerAccount,
} from '@/lib/cloud/ledger/accounts'
import { issueVouchers, registerCharger, revokeSerial } from '@/lib/cloud/operator/commands'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { reconcileBearersContract } from '../../contracts/reconcile-bearers'
import { reconcileDevicesContract, type DeviceOperatorUnderTest } from '../../contracts/reconcile-devices'
import { reconcileEvidenceContract } from '../../contracts/reconcile-evidence'
import {
  availableMinor,
  balanceMinor,
  Charger,
  freshSigner,
  openAccount,
  openWorld,
  Phone,
  startS,
} from './world'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const openOperator = async (): Promise<DeviceOperatorUnderTest> => {
  const { cloud, pass } = await openWorld(database)
  const { tenant } = cloud.config
  return {
    tenant,
    issuer: cloud.issuer,
    pass,
    watchGaps: () => watchGaps(cloud),
    phone: async (capMinor) => Phone.withGrant(cloud, await openAccount(cloud, capMinor), capMinor),
    charger: (siteId) => Charger.enrolled(cloud, undefined, siteId),
    async newKey({ id }) {
      pass(1)
      const setup = { chargerId: id, siteId: 'kinross', siteLabel: 'Kinross Services', bayLabel: 'Bay 2' }
      const { enrolmentCode: code } = await registerCharger(cloud, setup)
      const signer = freshSigner()
      const enrolled = await enrolCharger(cloud, { code, chargerId: id, publicKey: signer.publicKey })
      return { signer, certificate: expectOk(enrolled, 'another key') }
    },
    close: (serial, lastSeq) =>
      inTenant(cloud.db, tenant, async (tx) => {
        const close = { last_seq: lastSeq, head: '', bytes: Buffer.alloc(0), closed_at_s: startS }
        await tx
          .insertInto('grant_closes')
          .values({ tenant, serial, next_serial: serial, ...close })
          .execute()
      }),
    receiveBundle: (bytes) => receiveBundle(cloud, bytes),
    receiveReport: (json) => receiveReport(cloud, json),
    cases: async () =>
      (await inTenant(cloud.db, tenant, (tx) => openCasesOf(tx, tenant))).map(({ kind }) => kind).sort(),
    revoked: async (serial) => {
      const row = await inTenant(cloud.db, tenant, (tx) =>
        tx.selectFrom('revoked_grants').select('serial').where('serial', '=', serial).executeTakeFirst(),
      )
      return row !== undefined
    },
    available: (serial) => availableMinor(cloud, reserveAccount(serial)),
    incomeMinor: async () =>
      (await balanceMinor(cloud, revenueAccount)) + (await balanceMinor(cloud, taxAccount)),
    async card({ capMinor, creditMinor = 0, sites = ['kinross'], bearer = 'printed' }) {
      const owner = walletAccount(await openAccount(cloud, capMinor + creditMinor))
      const order = { batch: owner.slice(7), count: 1, owner, capMinor, sites, days: 90, bearer }
      const cards = expectOk(await issueVouchers(cloud, { ...order, author: 'operator' }), 'cards')
      const [card] = cards
      if (card === undefined) throw new Error('No card was issued')
      return { ...card, ownerAvailable: () => availableMinor(cloud, owner) }
    },
    async revoke(serial) {
      expectOk(await revokeSerial(cloud, { serial, author: 'operator' }), 'revoked')
    },
    owed: async (account) => 0 - (await balanceMinor(cloud, account as LedgerAccount)),
    evidenceOf: (kind) =>
      inTenant(cloud.db, tenant, async (tx) => {
        const rows = await tx
          .selectFrom('case_evidence as e')
          .innerJoin('cases as c', (join) =>
            join.onRef('c.tenant', '=', 'e.tenant').onRef('c.case_id', '=', 'e.case_id'),
          )
          .select('e.label')
          .where('c.tenant', '=', tenant)
          .where('c.kind', '=', kind)
          .orderBy('e.label')
          .execute()
        return rows.map(({ label }) => label)
      }),
  }
}

reconcileEvidenceContract(openOperator)
reconcileBearersContract(openOperator)
reconcileDevicesContract(openOperator)
