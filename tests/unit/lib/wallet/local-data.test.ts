import { expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { diagnostics, type PhoneSurroundings } from '@/lib/wallet/diagnostics'
import { exportState } from '@/lib/wallet/export-state'
import { localStakes } from '@/lib/wallet/local-data'
import { storedParts } from '@/lib/wallet/stored-parts'
import { trustSummary } from '@/lib/wallet/trust-summary'
import { approveOffer, grantTo, newPhone, receiptFor, receiptText } from '../../../fixtures/wallet-world'

async function usedWallet() {
  const wallet = await newPhone().open()
  await grantTo(wallet, {}, 'Nordlicht Logistics')
  const done = expectOk(await approveOffer(wallet, 500), 'approved')
  await wallet.scan(receiptText(await receiptFor(done, 500, 8_000)))
  const open = expectOk(await approveOffer(wallet, 400), 'approved')
  return { wallet, done, open }
}

test('before anything is deleted, open holds and what the operator has not got are named', async () => {
  const { wallet } = await usedWallet()
  expect(localStakes(wallet.snapshot())).toEqual({
    openCount: 1,
    held: [{ currency: 'EUR', amountMinor: 400 }],
    unreported: 2,
    receipts: 1,
  })
})

test('nothing is at stake on a phone that was never used', async () => {
  const wallet = await newPhone().open()
  expect(localStakes(wallet.snapshot())).toEqual({ openCount: 0, held: [], unreported: 0, receipts: 0 })
})

test('what is stored is told by what it is for, and grows with use', async () => {
  const { wallet } = await usedWallet()
  const before = storedParts(wallet.snapshot())
  expect(before.find(({ name }) => name === 'sessions')?.count).toBe(2)
  await approveOffer(wallet, 300)
  const sizeOf = (parts: typeof before, name: string): number =>
    parts.find((part) => part.name === name)?.bytes ?? 0
  const after = storedParts(wallet.snapshot())
  expect(sizeOf(after, 'sessions')).toBeGreaterThan(sizeOf(before, 'sessions') + 400)
  expect(sizeOf(after, 'trust')).toBe(sizeOf(before, 'trust'))
})

test('a copy holds the signed pieces as they are, in text that any program reads', async () => {
  const { wallet, done } = await usedWallet()
  const text = JSON.stringify(exportState(wallet.snapshot(), wallet.nowS()))
  const { phone } = JSON.parse(text) as { phone: { chains: { entries: Record<string, unknown>[] }[] } }
  const entry = phone.chains[0]?.entries.find(({ sessionId }) => sessionId === done)
  expect(entry?.['signed']).toMatch(/^[\w-]{100,}$/)
  expect(text).not.toContain('{"0":')
})

const around: PhoneSurroundings = {
  appVersion: '0.1.0',
  builtAtS: 1_780_000_000,
  userAgent: 'Phone/1',
  locale: 'de',
  timeZone: 'Europe/Berlin',
  online: true,
  installed: false,
  serviceWorker: 'active',
  storageUsedBytes: 1_000,
  storageQuotaBytes: null,
  storageKept: null,
  features: ['locks'],
  missing: ['bluetooth'],
  clockOffsetS: 3,
  requests: [
    { atS: 1_780_000_100, path: '/api/v1/account', status: 401, code: 'api.unauthenticated', tookMs: 12 },
  ],
}

test('support reads versions, counts and the last requests with their codes', async () => {
  const { wallet } = await usedWallet()
  const report = diagnostics(wallet.snapshot(), around, wallet.nowS())
  expect(report).toContain('sessions: open 1, finished 1')
  expect(report).toContain('unreported: 2')
  expect(report).toContain('/api/v1/account 401 api.unauthenticated 12 ms')
  expect(report).toContain('clock offset: 3 s')
  expect(report).toMatch(/^trust list: sequence \d+ of 20/m)
})

test('the report names no key, session, site, bay, fleet or account', async () => {
  const { wallet, done, open } = await usedWallet()
  const state = wallet.snapshot()
  const report = diagnostics(state, around, wallet.nowS())
  const [chain] = state.chains
  const secrets = [
    done,
    open,
    chain?.serial,
    chain?.grant.payload.deviceKey,
    chain?.grant.payload.pseudonym,
    chain?.entries[0]?.certificate.payload.siteLabel,
    chain?.entries[0]?.certificate.payload.chargerId,
    'Nordlicht',
    state.trust?.root,
  ]
  for (const secret of secrets) {
    expect(secret).toBeTruthy()
    expect(report).not.toContain(secret)
  }
})

test('trusted keys are told by eight digits, which is enough to tell them apart', async () => {
  const { wallet } = await usedWallet()
  const { trust } = wallet.snapshot()
  if (trust === null) throw new Error('trust')
  const summary = trustSummary(trust)
  expect(summary.rootId.replace(' ', '')).toBe(trust.root.slice(0, 8))
  expect(summary.issuers.length).toBe(trust.trustList.payload.issuers.length)
  expect(summary.revocationEpoch).toBe(trust.revocations.payload.epoch)
})
