import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { toBytes, toHex } from '@/lib/core/bytes'
import { EUR } from '@/lib/core/currency'
import { operatorId } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { addSeconds, durationMs, epochSeconds } from '@/lib/core/units'
import { verifyWithNode } from '@/lib/crypto/node'
import { openMemoryCloud, type MemoryCloud } from '@/lib/cloud/ingest/memory-cloud'
import { StoreFailure, type MemoryFaults } from '@/lib/cloud/ingest/memory-store'
import {
  reserveAccount,
  revenueAccount,
  taxAccount,
  walletAccount,
  type LedgerAccount,
} from '@/lib/cloud/ledger/accounts'
import { reconcileBearersContract } from '../../../../contracts/reconcile-bearers'
import {
  reconcileDevicesContract,
  type DeviceOperatorUnderTest,
} from '../../../../contracts/reconcile-devices'
import { reconcileEvidenceContract } from '../../../../contracts/reconcile-evidence'
import { freshSigner, TestCharger, TestPhone, testTariff } from '../../../../fixtures/session-actors'

const nowS = epochSeconds(1_788_264_000)
/** Nobody waits in these tests: whoever looks at the clock again finds the time run out. */
let monotonicMs = 0

const openCloud = (
  faults?: MemoryFaults,
  clock = { issuer: freshSigner(), nowS: () => nowS },
): Promise<MemoryCloud> =>
  openMemoryCloud({
    tenant: operatorId('memory'),
    currency: EUR,
    clock: { nowS: clock.nowS, monotonicMs: () => durationMs((monotonicMs += 20_000)) },
    random: { bytes: (length) => toBytes(randomBytes(length)) },
    root: freshSigner(),
    issuer: clock.issuer,
    verify: verifyWithNode,
    tariff: testTariff,
    ...(faults === undefined ? {} : { faults }),
  })

const bay = { siteId: 'kinross', siteLabel: 'Kinross Services', bayLabel: 'Bay 2' }

async function phoneOf(cloud: MemoryCloud, capMinor: number): Promise<TestPhone> {
  const signer = freshSigner()
  const owner = walletAccount(toHex(randomBytes(8)))
  await cloud.credit(owner, capMinor)
  const granted = await cloud.issueGrant({ owner, deviceKey: signer.publicKey, capMinor })
  return TestPhone.holding(expectOk(granted, 'grant'), signer)
}

async function chargerOf(cloud: MemoryCloud, siteId = bay.siteId): Promise<TestCharger> {
  const chargerId = `KIN-${toHex(randomBytes(3))}`
  const signer = freshSigner()
  const certificate = await cloud.registerCharger({ chargerId, ...bay, siteId, key: signer.publicKey })
  return TestCharger.holding(chargerId, signer, certificate, nowS)
}

const income = (cloud: MemoryCloud): number =>
  cloud.balance(revenueAccount).postedMinor + cloud.balance(taxAccount).postedMinor

async function openOperator(): Promise<DeviceOperatorUnderTest> {
  let passedS = 0
  const issuer = freshSigner()
  const cloud = await openCloud(undefined, { issuer, nowS: () => addSeconds(nowS, passedS) })
  return {
    pass: (spanS) => void (passedS += spanS),
    watchGaps: () => cloud.watchGaps(),
    tenant: operatorId('memory'),
    issuer,
    phone: (capMinor) => phoneOf(cloud, capMinor),
    charger: (siteId) => chargerOf(cloud, siteId),
    async newKey({ id }) {
      const signer = freshSigner()
      const order = { chargerId: id, ...bay, key: signer.publicKey }
      return { signer, certificate: await cloud.registerCharger(order) }
    },
    close: (serial, lastSeq) =>
      cloud.store.transaction(() => {
        cloud.store.tables.closes.set(serial, lastSeq)
        return Promise.resolve()
      }),
    receiveBundle: (bytes) => cloud.receiveBundle(bytes),
    receiveReport: (json) => cloud.receiveReport(json),
    cases: () =>
      Promise.resolve(
        cloud
          .cases()
          .filter(({ resolvedAtS }) => resolvedAtS === undefined)
          .map(({ kind }) => kind)
          .sort(),
      ),
    revoked: (serial) => Promise.resolve(cloud.store.tables.revoked.has(serial)),
    available: (serial) => Promise.resolve(cloud.balance(reserveAccount(serial)).availableMinor),
    incomeMinor: () => Promise.resolve(income(cloud)),
    async card({ capMinor, creditMinor = 0, sites = [bay.siteId], bearer = 'printed' }) {
      const owner = walletAccount(toHex(randomBytes(8)))
      await cloud.credit(owner, capMinor + creditMinor)
      const card = expectOk(await cloud.issueCard({ owner, capMinor, sites, bearer, days: 90 }), 'card')
      return { ...card, ownerAvailable: () => Promise.resolve(cloud.balance(owner).availableMinor) }
    },
    revoke: (serial) => cloud.revokeGrant(serial, nowS + 86_400),
    owed: (account) => Promise.resolve(0 - cloud.balance(account as LedgerAccount).postedMinor),
    evidenceOf: (kind) =>
      Promise.resolve(
        cloud
          .cases()
          .filter((found) => found.kind === kind)
          .flatMap(({ evidence }) => evidence.map(({ label }) => label))
          .sort(),
      ),
  }
}

reconcileEvidenceContract(openOperator)
reconcileBearersContract(openOperator)
reconcileDevicesContract(openOperator)

test('a crash at any step of an upload loses nothing: told again, the books come to the same', async () => {
  for (let dyingStep = 1; ; dyingStep += 1) {
    let step = 0
    const cloud = await openCloud({
      beforeStep: () => {
        step += 1
        if (step === dyingStep) throw new StoreFailure('power cut')
      },
    })
    step = Number.NEGATIVE_INFINITY
    const phone = await phoneOf(cloud, 5_000)
    const charger = await chargerOf(cloud)
    await charger.charge(phone, 3_000, 20_000)
    const bundle = await charger.bundle()
    step = 0
    await cloud.receiveBundle(bundle).catch(() => undefined)
    const wasWhole = step < dyingStep
    step = Number.NEGATIVE_INFINITY
    expectOk(await cloud.receiveBundle(bundle), 'told again')
    await cloud.processWaiting()
    expect(income(cloud)).toBe(980)
    expect(cloud.prove()).toMatchObject({ transfers: 4, isProved: true })
    if (wasWhole) return
  }
})
