import { expect, test } from 'vitest'
import { expectOk, ok } from '@/lib/core/result'
import { epochSeconds, minorUnits } from '@/lib/core/units'
import { grantSerial, siteId } from '@/lib/core/ids'
import { isWithinHours, type Grant } from '@/lib/protocol/messages/grant'
import { readiness } from '@/lib/wallet/readiness'
import type { Wallet } from '@/lib/wallet/wallet'
import { currentProposal } from '@/lib/wallet/ceremony'
import { spendContext } from '@/lib/wallet/wallet-state'
import { syncOnce } from '@/lib/wallet/sync'
import { storyTimeS } from '../../../fixtures/messages'
import { twinCloud } from '../../../fixtures/twin-cloud'
import {
  answerText,
  approveOffer,
  grantTo,
  makeOffer,
  newPhone,
  receiptFor,
  receiptText,
} from '../../../fixtures/wallet-world'

const fleetRules = { fleet: 1, vehicleClass: 0, dailyLimitMinor: minorUnits(0), fromMinute: 0, toMinute: 0 }
const serial = (digit: string) => grantSerial(digit.repeat(16))

async function walletWith(grants: readonly (Partial<Grant> & { fleetName?: string })[], passkey = false) {
  const wallet = await newPhone().open()
  for (const { fleetName, ...changes } of grants) await grantTo(wallet, changes, fleetName ?? null)
  if (passkey) {
    await wallet.apply((state) =>
      ok({ ...state, passkey: { credentialId: 'a', algorithm: 'ES256', publicKey: new Uint8Array(33) } }),
    )
  }
  return wallet
}

const proposalFor = async (wallet: Wallet, offer = {}) => {
  const scanned = await wallet.scan((await makeOffer(offer)).text)
  if (!scanned.ok) return scanned.error.code
  const proposal = currentProposal(wallet.snapshot(), wallet.nowS())
  if (proposal === undefined || !proposal.ok) throw new Error('a proposal stands')
  return proposal.value
}

const ready = (wallet: Wallet) => {
  const state = wallet.snapshot()
  if (state.trust === null) throw new Error('no trust')
  return readiness(state.chains, spendContext(state, state.trust, wallet.nowS()))
}

test('without a passkey a charger that is new is offered 15, and the driver may choose less', async () => {
  const proposal = await proposalFor(await walletWith([{}]))
  expect(proposal).toMatchObject({
    choices: [500, 1_000, 1_500].map((holdMinor) => ({ holdMinor, stepUp: false })),
    suggestedMinor: 1_500,
    limitedBy: 'hold.first-seen',
  })
})

test('with a passkey more is offered, marked as calling for it', async () => {
  const proposal = await proposalFor(await walletWith([{}], true))
  expect(proposal).toMatchObject({ suggestedMinor: 1_500 })
  if (typeof proposal === 'string') throw new Error(proposal)
  expect(proposal.choices.at(-1)).toEqual({ holdMinor: 6_000, stepUp: true })
  expect(proposal.choices.filter(({ stepUp }) => !stepUp).at(-1)?.holdMinor).toBe(1_500)
})

test('what this wallet holds or spent at the same charger counts against what a new charger takes', async () => {
  const wallet = await walletWith([{}])
  const id = expectOk(await approveOffer(wallet, 1_000), 'approved')
  expect(await proposalFor(wallet)).toMatchObject({ suggestedMinor: 500 })
  await wallet.scan(await answerText(id, 'charger.busy'))
  expect(await proposalFor(wallet)).toMatchObject({ suggestedMinor: 1_500 })
})

test('a charger that takes nothing more of this wallet is said so before anything is approved', async () => {
  const wallet = await walletWith([{}])
  expectOk(await approveOffer(wallet, 1_500), 'approved')
  expect(await proposalFor(wallet)).toBe('hold.first-seen')
})

async function walletWithSettledSession(holdMinor: number, energyWh: number) {
  const wallet = await walletWith([{}])
  const id = expectOk(await approveOffer(wallet, holdMinor), 'approved')
  await wallet.scan(receiptText(await receiptFor(id, holdMinor, energyWh)))
  const cloud = twinCloud()
  cloud.standing = 'settled'
  expectOk(await syncOnce(wallet, cloud), 'reported and settled')
  return wallet
}

test('a settled session counts no more, but what a charger surely accepts is suggested first', async () => {
  // 15.400 kWh × 0.49 = 7.546, by hand 7.55: a charger that heard nothing accepts 15.00 − 7.55, in round figures 7.
  const wallet = await walletWithSettledSession(1_500, 15_400)
  expect(await proposalFor(wallet)).toMatchObject({
    suggestedMinor: 700,
    choices: [500, 700, 1_000, 1_500].map((holdMinor) => ({ holdMinor })),
  })
})

test('where next to nothing is sure, the charger is asked for what it accepts if it was in touch', async () => {
  const wallet = await walletWithSettledSession(1_500, 30_000)
  expect(await proposalFor(wallet)).toMatchObject({ suggestedMinor: 1_500 })
})

test('a charger with its link up knows this wallet once everything here is settled', async () => {
  const wallet = await walletWithSettledSession(1_500, 30_000)
  expect(await proposalFor(wallet, { roads: 5 })).toMatchObject({
    suggestedMinor: 3_000,
    limitedBy: 'step-up.required',
  })
})

test('a grant of the site is proposed by its own limits where the charger says that its gateway holds reserves', async () => {
  const wallet = await walletWith([{ sites: [siteId('kinross')] }])
  expect(await proposalFor(wallet, { roads: 4 })).toMatchObject({ suggestedMinor: 1_500 })
  expect(await proposalFor(wallet, { roads: 12 })).toMatchObject({ suggestedMinor: 3_000 })
  const roaming = await walletWith([{}])
  expect(await proposalFor(roaming, { roads: 12 })).toMatchObject({ suggestedMinor: 1_500 })
})

test('the fleet pays before the driver does', async () => {
  const wallet = await walletWith([
    { serial: serial('1') },
    { serial: serial('2'), fleetRules, fleetName: 'Glen Haulage' },
  ])
  expect(await proposalFor(wallet)).toMatchObject({ chain: { serial: serial('2') } })
})

test('the last cents of a grant do not stand in the way of another one', async () => {
  const wallet = await walletWith([
    { serial: serial('1'), capMinor: minorUnits(40), fleetRules, fleetName: 'Glen Haulage' },
    { serial: serial('2') },
  ])
  expect(await proposalFor(wallet)).toMatchObject({ chain: { serial: serial('2') } })
})

test.each([
  ['grant.site', { sites: [siteId('glasgow')] }, {}],
  ['grant.power', { connectorPowerMaxW: 22_000 }, { bayPowerSteps: 500 }],
  // Nobody configured the bay's power: the charger would decline, so the phone does not propose it.
  ['grant.power', { connectorPowerMaxW: 22_000 }, {}],
  ['grant.currency', { currency: 'USD' as Grant['currency'] }, {}],
  ['grant.expired', { notAfterS: epochSeconds(storyTimeS - 1) }, {}],
  ['grant.not-yet-valid', { notBeforeS: epochSeconds(storyTimeS + 600) }, {}],
  ['grant.revoked', { serial: grantSerial('00000000000000aa') }, {}],
  ['grant.hours', { fleetRules: { ...fleetRules, fromMinute: 60, toMinute: 61 } }, {}],
  [
    'offer.currency',
    {},
    {
      tariff: {
        currency: 'XXX',
        energyPerKwh: 1,
        timePerMinute: 0,
        perSession: 0,
        idlePerMinute: 0,
        idleGraceMinutes: 0,
        taxBasisPoints: 0,
      },
    },
  ],
] as const)('an offer that no grant fits is refused with %s', async (code, grant, offer) => {
  // The grant is taken as issued; that it does not fit shows at the charger.
  const wallet = await walletWith([grant as Partial<Grant>])
  expect(await proposalFor(wallet, offer)).toBe(code)
})

test('a fleet’s daily limit leaves what today’s holds and bills have not used', async () => {
  const wallet = await walletWith([
    { fleetRules: { ...fleetRules, dailyLimitMinor: minorUnits(1_200) }, fleetName: 'Glen Haulage' },
  ])
  const id = expectOk(await approveOffer(wallet, 1_200), 'approved')
  expect(await proposalFor(wallet)).toBe('wallet.daily-limit')
  await wallet.scan(receiptText(await receiptFor(id, 1_200, 10_000)))
  // 10.000 kWh × 0.49 = 4.90, by hand: 12.00 − 4.90 are left today.
  expect(await proposalFor(wallet)).toMatchObject({ suggestedMinor: 710, limitedBy: 'wallet.daily-limit' })
})

test('hours may span midnight', () => {
  const night = { ...fleetRules, fromMinute: 22 * 60, toMinute: 6 * 60 }
  const at = (minute: number) => epochSeconds(storyTimeS - (storyTimeS % 86_400) + minute * 60)
  expect([1_439, 0, 359].map((minute) => isWithinHours(night, at(minute)))).toEqual([true, true, true])
  expect([360, 720, 1_319].map((minute) => isWithinHours(night, at(minute)))).toEqual([false, false, false])
})

test('home adds up one payer’s grants and says what a new charger takes of them', async () => {
  const wallet = await walletWith(
    [
      { serial: serial('1'), capMinor: minorUnits(2_000) },
      { serial: serial('2'), capMinor: minorUnits(4_000) },
    ],
    true,
  )
  expect(ready(wallet)).toMatchObject({
    kind: 'ready',
    spendableMinor: 6_000,
    newChargerMinor: 1_500,
    newChargerPasskeyMinor: 4_000,
  })
})

test('home says what is wrong with the newest grant when none can pay', async () => {
  const phone = newPhone()
  const wallet = await phone.open()
  await grantTo(wallet)
  phone.clock.timeS += 7 * 86_400
  expect(ready(wallet)).toMatchObject({ kind: 'renewal', why: 'expired' })
  expect(ready(await walletWith([{ spendsMax: 0 }]))).toMatchObject({ kind: 'renewal', why: 'spends-used' })
  expect(ready(await walletWith([{ capMinor: minorUnits(0) }]))).toMatchObject({
    kind: 'renewal',
    why: 'spent',
  })
})
