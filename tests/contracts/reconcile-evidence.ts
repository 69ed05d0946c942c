/**
 * What becomes of evidence that is more than a receipt: sightings, lost scans, receipts that were never scanned, keys
 * that changed, disputes, closes. The same stories in memory and on PostgreSQL.
 */

import { expect, test } from 'vitest'
import { fromBase64Url, toBase64Url, type Bytes } from '@/lib/core/bytes'
import { messageHash, sessionId, type GrantSerial } from '@/lib/core/ids'
import { expectOk, type Result } from '@/lib/core/result'
import type { Signer } from '@/lib/crypto/signature'
import { decodeJournalEvent } from '@/lib/protocol/journal-event'
import { parseMessage, signMessage } from '@/lib/protocol/message'
import { acknowledgement } from '@/lib/protocol/messages/acknowledgement'
import { offer } from '@/lib/protocol/messages/offer'
import type { ReportResponse } from '@/lib/cloud/api-types/wallet'
import type { SyncResponse } from '@/lib/cloud/api-types/devices'
import { freshSigner, TestCharger, TestPhone, type TestSession } from '../fixtures/session-actors'

export interface OperatorUnderTest {
  phone(capMinor: number): Promise<TestPhone>
  /** At the site `kinross` unless another one is named. */
  charger(siteId?: string): Promise<TestCharger>
  /** Another key for the charger; what the first one signed stays good. */
  newKey(charger: TestCharger): Promise<{ readonly signer: Signer; readonly certificate: Bytes }>
  close(serial: GrantSerial, lastSeq: number): Promise<void>
  receiveBundle(bytes: Bytes): Promise<Result<SyncResponse, unknown>>
  receiveReport(json: unknown): Promise<Result<ReportResponse, unknown>>
  /** Kinds of cases, sorted. */
  cases(): Promise<readonly string[]>
  revoked(serial: GrantSerial): Promise<boolean>
  /** Of the grant's reserve, open holds taken off. */
  available(serial: GrantSerial): Promise<number>
  incomeMinor(): Promise<number>
}

/** 20 kWh at 0.49. */
const totalMinor = 980

export function reconcileEvidenceContract(open: () => Promise<OperatorUnderTest>): void {
  const ok = async <T>(asked: Promise<Result<T, unknown>>): Promise<T> => expectOk(await asked, 'received')
  const bytesOf = (text: string): Bytes => fromBase64Url(text) ?? new Uint8Array()
  const proofOf = ({ charger, offer }: TestSession) => ({
    certificate: toBase64Url(charger.certificate),
    offer: toBase64Url(offer.bytes),
  })

  test('a wallet that a charger met elsewhere in another chain is forked, whoever tells first', async () => {
    for (const isSightingFirst of [true, false]) {
      const operator = await open()
      const phone = await operator.phone(9_000)
      const honest = await operator.phone(9_000)
      const here = await operator.charger()
      const there = await operator.charger()
      await here.charge(phone, 1_000, 1_000)
      const sightings = [{ serial: phone.serial, seq: 1, hash: messageHash('e'.repeat(32)) }]
      await there.charge(honest, 1_000, 1_000, { sightings })
      const news = [await here.bundle(), await there.bundle()]
      for (const bundle of isSightingFirst ? news.toReversed() : news)
        await ok(operator.receiveBundle(bundle))
      expect(await operator.cases()).toEqual(['fork'])
      expect(await operator.revoked(phone.serial)).toBe(true)
      expect(await operator.revoked(honest.serial)).toBe(false)
    }
  })

  test('clones that spend odd and even numbers are forked by what they go on from', async () => {
    const operator = await open()
    const phone = await operator.phone(9_000)
    const charger = await operator.charger()
    const elsewhere = await operator.charger()
    await charger.charge(phone, 1_000, 1_000)
    const clone = phone.clone()
    await elsewhere.charge(clone, 1_000, 1_000)
    // The first phone leaves the number out that it knows its clone to use.
    const offered = await charger.offer()
    const skipping = await phone.authorize(offered, 1_000, { seq: 3 })
    const id = sessionId(skipping.hash)
    const answer = await charger.answer(id, 'accepted')
    phone.sessions.push({ id, offer: offered, authorization: skipping, answer, receipt: undefined, charger })
    await ok(operator.receiveReport(phone.report()))
    expect(await operator.cases()).toEqual(['fork'])
    await ok(operator.receiveBundle(await elsewhere.bundle()))
    expect(await operator.revoked(phone.serial)).toBe(true)
    expect(await operator.incomeMinor()).toBe(98)
  })

  test('a hold that nobody answered ends once that charger’s log has passed the offer, in both orders', async () => {
    for (const isLogFirst of [true, false]) {
      const operator = await open()
      const phone = await operator.phone(5_000)
      const charger = await operator.charger()
      const lost = await charger.offerTo(phone, 3_000)
      const other = await operator.phone(5_000)
      await charger.charge(other, 1_000, 1_000)
      const [chain] = phone.report([lost]).chains
      const report = { chains: [{ ...chain, answers: [], offers: [proofOf(lost)] }] }
      if (isLogFirst) await ok(operator.receiveBundle(await charger.bundle()))
      await ok(operator.receiveReport(report))
      expect(await operator.available(phone.serial)).toBe(isLogFirst ? 5_000 : 2_000)
      if (!isLogFirst) await ok(operator.receiveBundle(await charger.bundle()))
      expect(await operator.available(phone.serial)).toBe(5_000)
      // The answer was in an older part of the log after all: what was delivered is still paid.
      const receipt = await charger.receipt(lost.id, lost.offer, 3_000, 20_000)
      await ok(operator.receiveReport(phone.report([{ ...lost, receipt: receipt.bytes }])))
      expect(await operator.available(phone.serial)).toBe(5_000 - totalMinor)
      expect(await operator.cases()).toEqual([])
    }
  })

  test('a hold stays while the charger’s log has not passed the offer, or says that it accepted', async () => {
    const operator = await open()
    const phone = await operator.phone(5_000)
    const charger = await operator.charger()
    const running = await charger.charge(phone, 3_000, null)
    const [chain] = phone.report([running]).chains
    await ok(operator.receiveReport({ chains: [{ ...chain, answers: [], offers: [proofOf(running)] }] }))
    expect(await operator.available(phone.serial)).toBe(2_000)
    await ok(operator.receiveBundle(await charger.bundle()))
    expect(await operator.available(phone.serial)).toBe(2_000)
  })

  test('a receipt that was never scanned comes back with the next report, and not again once the phone has it', async () => {
    const operator = await open()
    const phone = await operator.phone(5_000)
    const charger = await operator.charger()
    const session = await charger.charge(phone, 3_000, 20_000)
    await ok(operator.receiveBundle(await charger.bundle()))
    const [chain] = phone.report().chains
    const reply = await ok(operator.receiveReport({ chains: [{ ...chain, answers: [], receipts: [] }] }))
    expect(reply.receipts).toEqual([{ receipt: toBase64Url(session.receipt!), ...proofOf(session) }])
    expect(reply.answers).toEqual([{ answer: toBase64Url(session.answer), ...proofOf(session) }])
    const again = await ok(operator.receiveReport(phone.report()))
    expect([again.answers, again.receipts]).toEqual([[], []])
  })

  test('a receipt under a new key of the charger settles a session whose offer the old key signed', async () => {
    for (const road of ['phone', 'charger'] as const) {
      const operator = await open()
      const phone = await operator.phone(5_000)
      const old = await operator.charger()
      const running = await old.charge(phone, 3_000, null)
      const { signer, certificate } = await operator.newKey(old)
      const renewed = TestCharger.holding(old.id, signer, certificate, old.nowS)
      renewed.events.push(...old.events)
      const { bytes } = await renewed.receipt(running.id, running.offer, 3_000, 20_000)
      renewed.end(running.id, bytes)
      if (road === 'charger') await ok(operator.receiveBundle(await renewed.bundle()))
      else await ok(operator.receiveReport(phone.report([{ ...running, receipt: bytes, charger: renewed }])))
      expect(await operator.incomeMinor()).toBe(totalMinor)
      expect(await operator.cases()).toEqual([])
    }
  })

  test('a driver’s dispute opens a case, and the money stands as the evidence says', async () => {
    const operator = await open()
    const phone = await operator.phone(5_000)
    const charger = await operator.charger()
    const session = await charger.charge(phone, 3_000, 20_000)
    const [chain] = phone.report().chains
    const disputes = [
      { sessionId: session.id, reason: 'no-energy' },
      { sessionId: 'f'.repeat(32), reason: 'no-energy' },
    ]
    const reply = await ok(operator.receiveReport({ chains: [{ ...chain, disputes }] }))
    expect(reply.sessions).toEqual([{ sessionId: session.id, state: 'case', totalMinor }])
    expect(await operator.cases()).toEqual(['dispute'])
    expect(await operator.incomeMinor()).toBe(totalMinor)
  })

  test('an authorization after the close of its grant is paid, with a case', async () => {
    const operator = await open()
    const phone = await operator.phone(5_000)
    const charger = await operator.charger()
    await charger.charge(phone, 1_000, 1_000)
    await operator.close(phone.serial, 1)
    await charger.charge(phone, 1_000, 1_000)
    await ok(operator.receiveBundle(await charger.bundle()))
    expect(await operator.incomeMinor()).toBe(98)
    expect(await operator.cases()).toEqual(['after-close'])
  })

  test('a charger is told which of its receipts are settled without a gap, and which grants are in doubt', async () => {
    const operator = await open()
    const phone = await operator.phone(9_000)
    const doubtful = await operator.phone(9_000)
    const charger = await operator.charger()
    await charger.charge(phone, 1_000, 1_000)
    const confirmed = async (from: number, to: number) => {
      const reply = await ok(operator.receiveBundle(await charger.bundle(from, to)))
      const { settledCounter, heldSerials } = expectOk(
        parseMessage(acknowledgement, bytesOf(reply.acknowledgement)),
        'acknowledgement',
      ).payload
      return [settledCounter, heldSerials]
    }
    expect(await confirmed(0, 1)).toEqual([0, undefined])
    expect(await confirmed(1, 2)).toEqual([1, undefined])
    const clone = doubtful.clone()
    await charger.charge(doubtful, 1_000, 1_000)
    await charger.charge(clone, 1_000, 1_000)
    expect(await confirmed(2, 4)).toEqual([2, undefined])
    expect(await confirmed(4, 6)).toEqual([3, [doubtful.serial]])
  })

  test('a forged authorization in a soundly signed log posts nothing, then or ever', async () => {
    const operator = await open()
    const phone = await operator.phone(5_000)
    const thief = TestPhone.holding(phone.grant.bytes, freshSigner())
    const charger = await operator.charger()
    await charger.charge(thief, 3_000, 20_000)
    await ok(operator.receiveBundle(await charger.bundle()))
    expect(await operator.incomeMinor()).toBe(0)
    const [chain] = thief.report().chains
    await ok(operator.receiveReport({ chains: [{ ...chain, authorizations: [] }] }))
    expect([await operator.incomeMinor(), await operator.available(phone.serial)]).toEqual([0, 5_000])
  })

  test('an offer that two chargers signed is settled by the lower bill, whoever claims it first', async () => {
    for (const isThiefFirst of [true, false, true, false]) {
      const operator = await open()
      const phone = await operator.phone(5_000)
      const owner = await operator.charger()
      const thief = await operator.charger()
      const session = await owner.charge(phone, 3_000, 20_000)
      // The same words under another key have the same hash, so the wallet consented to both alike.
      const copied = await signMessage(offer, session.offer.payload, thief.signer)
      const accepted = await thief.answer(session.id, 'accepted')
      const event = expectOk(decodeJournalEvent(owner.events[0]!), 'event')
      if (event.kind !== 'accepted') throw new Error('Not the session')
      thief.log({ ...event, offer: copied.bytes, answer: accepted })
      thief.end(session.id, (await thief.receipt(session.id, copied, 3_000, 60_000)).bytes)
      const news = [await owner.bundle(), await thief.bundle()]
      for (const bundle of isThiefFirst ? news.toReversed() : news) await ok(operator.receiveBundle(bundle))
      expect(await operator.incomeMinor()).toBe(totalMinor)
      expect(await operator.cases()).toEqual(['foreign-charger', 'two-finals'])
    }
  })

  test('an offer belongs to the charger that signed it, whoever else claims the session in its log', async () => {
    for (const isThiefFirst of [true, false]) {
      const operator = await open()
      const phone = await operator.phone(5_000)
      const owner = await operator.charger()
      const thief = await operator.charger()
      const session = await owner.charge(phone, 3_000, 20_000)
      const { bytes } = await thief.receipt(session.id, session.offer, 3_000, 60_000)
      thief.events.push(owner.events[0]!)
      thief.end(session.id, bytes)
      const news = [await owner.bundle(), await thief.bundle()]
      for (const bundle of isThiefFirst ? news.toReversed() : news) await operator.receiveBundle(bundle)
      expect(await operator.incomeMinor()).toBe(totalMinor)
      expect(await operator.cases()).toEqual(['foreign-charger'])
    }
  })
}
