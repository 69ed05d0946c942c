import { describe, expect, test } from 'vitest'
import { toBase64Url } from '@/lib/core/bytes'
import { grantSerial, siteId } from '@/lib/core/ids'
import { refusal } from '@/lib/core/reason'
import { err, expectOk, ok } from '@/lib/core/result'
import { addSeconds, minorUnits, epochSeconds } from '@/lib/core/units'
import { signMessage } from '@/lib/protocol/message'
import { policy, type Policy } from '@/lib/protocol/messages/policy'
import { currentProposal } from '@/lib/wallet/ceremony'
import { courierLoad } from '@/lib/wallet/courier'
import { takeTrust } from '@/lib/wallet/obtain-grant'
import type { PurseId } from '@/lib/wallet/purse'
import { readiness } from '@/lib/wallet/readiness'
import { policyAt } from '@/lib/wallet/trust-state'
import type { Wallet } from '@/lib/wallet/wallet'
import { spendContext, withPreferences } from '@/lib/wallet/wallet-state'
import { issuerSigner, storyTimeS } from '../../../fixtures/messages'
import {
  answerText,
  approveOffer,
  grantTo,
  makeOffer,
  newPhone,
  receiptFor,
  receiptText,
  story,
  trustNews,
} from '../../../fixtures/wallet-world'

const serial = (digit: string) => grantSerial(digit.repeat(16))
const here = story.certificate.payload.siteId

async function threePurses() {
  const phone = newPhone()
  const wallet = await phone.open()
  await grantTo(wallet, { serial: serial('1') })
  await grantTo(wallet, { serial: serial('2'), sites: [siteId(here)] })
  await grantTo(wallet, { serial: serial('3') }, 'Glen Haulage')
  return { phone, wallet }
}

const payerOf = async (wallet: Wallet, payFrom: PurseId | null): Promise<string> => {
  await wallet.apply((state) => ok(withPreferences(state, { payFrom })))
  expectOk(await wallet.scan((await makeOffer()).text), 'an offer')
  const proposal = currentProposal(wallet.snapshot(), wallet.nowS())
  if (proposal?.ok !== true) throw new Error('a proposal stands')
  return proposal.value.chain.serial
}

describe('who pays', () => {
  test('is what suits best, until the driver says otherwise, also after a restart', async () => {
    const { phone, wallet } = await threePurses()
    expect(await payerOf(wallet, null)).toBe(serial('3'))
    expect(await payerOf(wallet, 'sites')).toBe(serial('2'))
    expect(await payerOf(wallet, 'roaming')).toBe(serial('1'))
    const again = await phone.open()
    expect(again.snapshot().preferences.payFrom).toBe('roaming')
    expect(await payerOf(again, 'fleet:Glen Haulage')).toBe(serial('3'))
  })

  test('is somebody else where the chosen one cannot pay', async () => {
    const wallet = await newPhone().open()
    await grantTo(wallet, { serial: serial('1') })
    await grantTo(wallet, { serial: serial('2'), sites: [siteId('other')] })
    expect(await payerOf(wallet, 'sites')).toBe(serial('1'))
  })
})

describe('what Home promises', () => {
  const ready = (wallet: Wallet) => {
    const state = wallet.snapshot()
    return readiness(state.chains, spendContext(state, state.trust!, wallet.nowS()))
  }

  test('leaves out of the figure for everywhere what only certain sites take', async () => {
    const wallet = await newPhone().open()
    await grantTo(wallet, { serial: serial('1'), capMinor: minorUnits(4_200) })
    await grantTo(wallet, { serial: serial('2'), capMinor: minorUnits(30_000), sites: [siteId(here)] })
    expect(ready(wallet)).toMatchObject({
      spendableMinor: 4_200,
      onlyAt: null,
      atSites: { siteIds: [here], spendableMinor: 30_000 },
    })
  })

  test('says where it counts when only certain sites take it', async () => {
    const wallet = await newPhone().open()
    await grantTo(wallet, { capMinor: minorUnits(30_000), sites: [siteId(here)] })
    expect(ready(wallet)).toMatchObject({ spendableMinor: 30_000, onlyAt: [here], atSites: null })
  })
})

describe('rules that were announced', () => {
  const announce = async (changes: Partial<Policy>) => {
    const payload = { ...story.policy.payload, sequence: story.policy.payload.sequence + 1, ...changes }
    return toBase64Url((await signMessage(policy, payload, issuerSigner)).bytes)
  }
  const startsS = addSeconds(storyTimeS, 3_600)

  test('are in force from their beginning on, without another word of the operator', async () => {
    const wallet = await newPhone().open()
    await grantTo(wallet)
    const nextPolicy = await announce({ notBeforeS: startsS, firstSeenCapMinor: minorUnits(1_000) })
    expectOk(await takeTrust(wallet, { ...trustNews, nextPolicy }), 'taken')
    const trust = wallet.snapshot().trust!
    expect(policyAt(trust, wallet.nowS()).firstSeenCapMinor).toBe(1_500)
    expect(policyAt(trust, startsS).firstSeenCapMinor).toBe(1_000)
    expect(policyAt(trust, wallet.nowS(), story.policy.payload.sequence + 1).firstSeenCapMinor).toBe(1_000)
    expect(policyAt(trust, startsS, story.policy.payload.sequence).firstSeenCapMinor).toBe(1_500)
  })

  test('bind at a charger that goes by them already', async () => {
    const wallet = await newPhone().open()
    await grantTo(wallet)
    const nextPolicy = await announce({
      notBeforeS: epochSeconds(storyTimeS - 1),
      firstSeenCapMinor: minorUnits(1_000),
    })
    expectOk(await takeTrust(wallet, { ...trustNews, nextPolicy }), 'taken')
    const offered = await makeOffer({ policySequence: story.policy.payload.sequence + 1 })
    expect(await approveOffer(wallet, 1_500, offered)).toMatchObject({ error: { code: 'hold.first-seen' } })
  })

  test('are dropped once newer ones are in force, and forged ones are never kept', async () => {
    const wallet = await newPhone().open()
    await grantTo(wallet)
    const nextPolicy = await announce({ notBeforeS: startsS })
    expectOk(await takeTrust(wallet, { ...trustNews, nextPolicy }), 'taken')
    expectOk(await takeTrust(wallet, { ...trustNews, policy: nextPolicy }), 'in force')
    expect(wallet.snapshot().trust?.nextPolicy).toBeNull()
    expectOk(await takeTrust(wallet, { ...trustNews, nextPolicy: trustNews.trustList }), 'taken')
    expect(wallet.snapshot().trust?.nextPolicy).toBeNull()
  })
})

describe('what is carried for others', () => {
  test('is counted, and thanked for once a charger has said yes', async () => {
    const wallet = await newPhone().open()
    await grantTo(wallet)
    await wallet.apply((state) => ok(withPreferences(state, { isCourier: true })))
    const offered = await makeOffer({ policySequence: 0 })
    const id = expectOk(await approveOffer(wallet, 1_000, offered), 'approved')
    const load = () => courierLoad(wallet.snapshot(), wallet.nowS())
    expect(load()).toMatchObject({ rules: { count: 1 }, chargersHelped: 0, receipts: { count: 0 } })
    expectOk(await wallet.scan(await answerText(id, 'accepted')), 'accepted')
    expect(load()).toMatchObject({ chargersHelped: 1 })
    expect(load().bytesShown).toBeGreaterThan(100)
    expectOk(await wallet.scan(receiptText(await receiptFor(id, 1_000, 5_000))), 'finished')
    expect(load()).toMatchObject({ receipts: { count: 1 }, receiptsBrought: 0 })
  })
})

test('nothing is signed before a phone with a connection has heard what it may have missed', async () => {
  const phone = newPhone()
  const wallet = await phone.open()
  await grantTo(wallet)
  expectOk(await wallet.scan((await makeOffer()).text), 'an offer')
  const serialGone = wallet.snapshot().chains[0]!.serial
  const restored = await phone.open({
    beforeSigning: async () => {
      await restored.closeGrant(serialGone)
    },
  })
  expect(await restored.approve(minorUnits(1_000))).toEqual(err(refusal('grant.closed')))
})
