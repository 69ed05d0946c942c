import { expect, test } from 'vitest'
import { toBase64Url } from '@/lib/core/bytes'
import { grantSerial, type GrantSerial } from '@/lib/core/ids'
import { refusal } from '@/lib/core/reason'
import { err, expectOk, ok } from '@/lib/core/result'
import { epochSeconds, minorUnits, seconds, wattHours } from '@/lib/core/units'
import { signMessage } from '@/lib/protocol/message'
import { permit } from '@/lib/protocol/messages/permit'
import { revocations } from '@/lib/protocol/messages/revocations'
import { billFor } from '@/lib/tariff/rate'
import { roomOf } from '@/lib/wallet/chain'
import { currentProposal } from '@/lib/wallet/ceremony'
import { takeTrust } from '@/lib/wallet/obtain-grant'
import { renewalDue, stepFor } from '@/lib/wallet/renewal'
import { readiness } from '@/lib/wallet/readiness'
import { syncOnce } from '@/lib/wallet/sync'
import { codeOf, type Wallet } from '@/lib/wallet/wallet'
import { findEntry, spendContext } from '@/lib/wallet/wallet-state'
import { issuerSigner, storyGrant, storyOperator, storyTariff, storyTimeS } from '../../../fixtures/messages'
import { twinCloud } from '../../../fixtures/twin-cloud'
import {
  answerText,
  approveOffer,
  grantTo,
  makeOffer,
  newPhone,
  readAuthorization,
  receiptFor,
  receiptText,
  shownCode,
  trustNews,
} from '../../../fixtures/wallet-world'

const revoking = async (...serials: readonly GrantSerial[]) => ({
  ...trustNews,
  revocations: toBase64Url(
    (
      await signMessage(
        revocations,
        { operator: storyOperator, epoch: 20, timeS: storyTimeS, serials },
        issuerSigner,
      )
    ).bytes,
  ),
})

const limitOf = async (wallet: Wallet, offered = {}): Promise<number | string> => {
  const scanned = await wallet.scan((await makeOffer(offered)).text)
  if (!scanned.ok) return scanned.error.code
  const proposal = currentProposal(wallet.snapshot(), wallet.nowS())
  return proposal?.ok === true ? (proposal.value.choices.at(-1)?.holdMinor ?? 0) : 'none'
}

test('a guest’s grant needs no account, is good for one session, and is never exchanged', async () => {
  const wallet = await newPhone().open()
  await grantTo(wallet, { spendsMax: 1, capMinor: minorUnits(4_000) })
  expect(wallet.snapshot().account).toBeNull()
  const id = expectOk(await approveOffer(wallet, 1_500), 'approved')
  expectOk(await syncOnce(wallet, twinCloud()), 'a guest reports like anybody')
  await wallet.scan(receiptText(await receiptFor(id, 1_500, 18_400)))
  expect(roomOf(wallet.snapshot().chains[0]!)).toBe(4_000 - 902)
  expect(await approveOffer(wallet, 500)).toEqual(err(refusal('wallet.spends')))
  await wallet.apply((state) =>
    ok({
      ...state,
      account: {
        accountId: 'later',
        balanceMinor: minorUnits(5_000),
        reservedMinor: minorUnits(0),
        currency: 'EUR',
        asOfS: storyTimeS,
        signedIn: true,
      },
    }),
  )
  expect(renewalDue(wallet.snapshot(), wallet.nowS())).toBeUndefined()
  expect(stepFor(wallet.snapshot(), wallet.nowS())).toEqual({ kind: 'obtain' })
})

test('a grant that is revoked while charging still gets its receipt, its stop and its release', async () => {
  const wallet = await newPhone().open()
  await grantTo(wallet)
  const id = expectOk(await approveOffer(wallet, 1_500), 'approved')
  await wallet.scan(await answerText(id, 'accepted'))
  expectOk(await takeTrust(wallet, await revoking(storyGrant.serial)), 'news')
  expect((await wallet.stop(id)).ok).toBe(true)
  expect(await approveOffer(wallet, 500)).toEqual(err(refusal('grant.revoked')))
  await wallet.scan(receiptText(await receiptFor(id, 1_500, 18_400)))
  expect(findEntry(wallet.snapshot(), id)?.entry.state.kind).toBe('finished')
  expect(roomOf(wallet.snapshot().chains[0]!)).toBe(10_000 - 902)
})

test.each([
  ['a platform key and a known charger', { keyProtection: 'platform' }, { roads: 5 }, 3_000],
  ['a sealed key, wherever', { keyProtection: 'sealed' }, { roads: 5 }, 1_500],
  ['a charger without a time', { keyProtection: 'platform' }, { roads: 5, clockQuality: 'unknown' }, 1_500],
] as const)('with %s the cap is the stranger’s or the friend’s', async (_name, changes, offered, most) => {
  const wallet = await newPhone().open()
  await grantTo(wallet, changes)
  const id = expectOk(await approveOffer(wallet, 500), 'approved')
  await wallet.scan(receiptText(await receiptFor(id, 500, 100)))
  const cloud = twinCloud()
  cloud.standing = 'settled'
  expectOk(await syncOnce(wallet, cloud), 'settled')
  const limit = await limitOf(wallet, offered)
  expect(limit).toBe(most)
})

test('a permit that raises the cap at this charger lets the phone propose more there, and nowhere else', async () => {
  const raise = await signMessage(
    permit,
    {
      operator: storyOperator,
      verdict: 'raise',
      serial: storyGrant.serial,
      maximumMinor: minorUnits(2_500),
      timeS: storyTimeS,
      notAfterS: epochSeconds(storyTimeS + 3_600),
    },
    issuerSigner,
  )
  const phone = newPhone()
  const wallet = await phone.open()
  await grantTo(wallet)
  expect(await limitOf(wallet)).toBe(1_500)
  expectOk(await takeTrust(wallet, { ...trustNews, permits: [toBase64Url(raise.bytes)] }), 'news')
  expect(await limitOf(wallet)).toBe(2_500)
  phone.clock.timeS += 3_700
  expect(await limitOf(wallet, { timeS: epochSeconds(phone.clock.timeS) })).toBe(1_500)
})

test('a phone whose clock is back at 1970 goes on by the newest signed time, and no grant comes back to life', async () => {
  const phone = newPhone()
  await grantTo(await phone.open())
  phone.clock.timeS = 0
  const wallet = await phone.open()
  expect((await approveOffer(wallet, 500)).ok).toBe(true)
  const late = newPhone()
  await grantTo(await late.open(), { notAfterS: epochSeconds(storyTimeS - 10) })
  late.clock.timeS = 0
  expect(await approveOffer(await late.open(), 500)).toEqual(err(refusal('grant.expired')))
})

test('a restored backup signs nothing more once the operator has renewed or revoked its grant', async () => {
  const phone = newPhone()
  const wallet = await phone.open()
  await grantTo(wallet)
  const backup = new Map(phone.disk.records)
  expectOk(await wallet.closeGrant(storyGrant.serial), 'closed')
  phone.disk.records.clear()
  for (const [key, value] of backup) phone.disk.records.set(key, value)
  const restored = await phone.open()
  expect(restored.snapshot().chains[0]?.closing).toBeNull()
  expectOk(await takeTrust(restored, await revoking(storyGrant.serial)), 'the first contact')
  expect(await approveOffer(restored, 500)).toEqual(err(refusal('grant.revoked')))
})

test('a restored backup shows the same bytes for what it knew, and its next seq is evidence', async () => {
  const phone = newPhone()
  const wallet = await phone.open()
  await grantTo(wallet)
  const id = expectOk(await approveOffer(wallet, 500), 'approved')
  const shown = shownCode(wallet, id)
  const backup = new Map(phone.disk.records)
  const lost = expectOk(await approveOffer(wallet, 500), 'approved and lost')
  const lostCode = readAuthorization(shownCode(wallet, lost) ?? '').payload
  phone.disk.records.clear()
  for (const [key, value] of backup) phone.disk.records.set(key, value)
  const restored = await phone.open()
  expect(shownCode(restored, id)).toBe(shown)
  const forked = expectOk(await approveOffer(restored, 500), 'approved again')
  const forkedCode = readAuthorization(shownCode(restored, forked) ?? '').payload
  expect([forkedCode.seq, forkedCode.previous]).toEqual([lostCode.seq, lostCode.previous])
  expect(forked).not.toBe(lost)
})

test('a wallet that an earlier version of the app wrote opens with nothing closed, stopped or carried', async () => {
  const phone = newPhone()
  const before = await phone.open()
  await grantTo(before)
  const id = expectOk(await approveOffer(before, 500), 'approved')
  for (const [key, value] of phone.disk.records) phone.disk.records.set(key, asEarlier(value))
  const wallet = await phone.open()
  const [chain] = wallet.snapshot().chains
  expect(chain?.closing).toBeNull()
  expect(chain?.entries[0]).toMatchObject({ stop: null, complaint: null, followUp: null, sessionId: id })
  expect(wallet.snapshot().trust).toMatchObject({ deltas: [], permits: [] })
  expect((await approveOffer(wallet, 500)).ok).toBe(true)
})

const newFields = new Set(['closing', 'stop', 'complaint', 'followUp', 'deltas', 'permits'])
const asEarlier = (value: unknown): unknown => {
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(asEarlier)
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !newFields.has(key))
      .map(([key, inner]) => [key, asEarlier(inner)]),
  )
}

const change = { atS: storyTimeS, energyPerKwh: 9_800, timePerMinute: 0, idlePerMinute: 0 }
test.each([
  // 10.000 kWh × 0.49 + 8.400 kWh × 0.98 = 4.90 + 8.232 = 13.132, by hand.
  [
    'told at its moment, is paid in two parts',
    { registerWh: wattHours(1_010_000), chargingS: seconds(900), idleS: seconds(0) },
    1_313,
    [],
  ],
  [
    'told too early in the register, is a case',
    { registerWh: wattHours(1_000_000), chargingS: seconds(900), idleS: seconds(0) },
    1_313,
    ['amount'],
  ],
  ['not told, counts at the cheaper price', undefined, 902, []],
  ['not told and charged at the dearer price, is a case', undefined, 1_500, ['amount']],
] as const)('a change of price that was %s', async (_name, atChange, totalMinor, disputes) => {
  const wallet = await newPhone().open()
  await grantTo(wallet)
  const made = await makeOffer({ tariffChange: change })
  const id = expectOk(await approveOffer(wallet, 1_500, made), 'approved')
  const usage = { energyWh: wattHours(18_400), chargingS: seconds(1_800), idleS: seconds(0) }
  const beforeChange = { energyWh: wattHours(10_000), chargingS: seconds(900), idleS: seconds(0) }
  const bill =
    totalMinor === 1_313
      ? billFor(storyTariff, { ...usage, beforeChange }, minorUnits(1_500), change)
      : billFor(storyTariff, usage, minorUnits(1_500))
  const message = await receiptFor(id, 1_500, 18_400, {
    lines: bill.lines,
    taxMinor: bill.taxMinor,
    totalMinor: minorUnits(totalMinor),
    ...(atChange !== undefined && { atChange }),
  })
  await wallet.scan(receiptText(message))
  const entry = findEntry(wallet.snapshot(), id)?.entry
  expect(entry?.disputes).toEqual(disputes)
})

test('the newest of two grants that were exchanged is the one that Home speaks of', async () => {
  const wallet = await newPhone().open()
  await grantTo(wallet)
  expectOk(await wallet.closeGrant(storyGrant.serial), 'closed')
  await grantTo(wallet, { serial: grantSerial('00000000000000b1'), notBeforeS: storyTimeS })
  const state = wallet.snapshot()
  expect(readiness(state.chains, spendContext(state, state.trust!, wallet.nowS()))).toMatchObject({
    kind: 'ready',
    spendableMinor: 10_000,
  })
  expect(state.chains.every((chain) => chain.entries.every((entry) => codeOf(chain, entry)))).toBe(true)
})
