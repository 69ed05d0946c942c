/**
 * Sessions of whoever cannot sign (PROTOCOL.md, rule of money 13): a card pays from its own credit, once, whatever
 * arrives in whatever order; a copy that was spent twice is owed and looked at, never dropped. The same stories in
 * memory and on PostgreSQL.
 */

import { expect, test } from 'vitest'
import { fromBase64Url, type Bytes } from '@/lib/core/bytes'
import type { GrantSerial } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { epochSeconds, minorUnits } from '@/lib/core/units'
import { parseMessage, signMessage } from '@/lib/protocol/message'
import { acknowledgement } from '@/lib/protocol/messages/acknowledgement'
import { voucher } from '@/lib/protocol/messages/voucher'
import { encodeJournalEvent } from '@/lib/protocol/journal-event'
import { cardDebtorOf, receivableAccount } from '@/lib/cloud/ledger/accounts'
import { freshSigner, TestCharger, testTariff } from '../fixtures/session-actors'
import type { OperatorUnderTest } from './reconcile-evidence'

export interface CardOrderUnderTest {
  readonly capMinor: number
  readonly sites?: readonly string[]
  readonly bearer?: 'printed' | 'rfid'
  /** Of the account that pays, beside what the card has. */
  readonly creditMinor?: number
}

export interface CardUnderTest {
  readonly serial: GrantSerial
  readonly bytes: Bytes
  /** What the account that bought it can spend. */
  ownerAvailable(): Promise<number>
}

export interface CardOperatorUnderTest extends OperatorUnderTest {
  card(order: CardOrderUnderTest): Promise<CardUnderTest>
  revoke(serial: GrantSerial): Promise<void>
  /** As a positive figure. */
  owed(account: string): Promise<number>
  /** Labels of what lies in the cases of this kind, sorted. */
  evidenceOf(kind: string): Promise<readonly string[]>
}

/** 20 kWh at 0.49, and half of it. */
const totalMinor = 980
const half = 490

export function reconcileBearersContract(open: () => Promise<CardOperatorUnderTest>): void {
  const debtOf = ({ serial }: CardUnderTest): string => receivableAccount(cardDebtorOf(serial))
  const send = async (operator: CardOperatorUnderTest, bytes: Bytes): Promise<void> => {
    await operator.receiveBundle(bytes)
  }

  test('a printed card pays for its session from its own credit: held first, then posted once', async () => {
    const operator = await open()
    const charger = await operator.charger()
    const card = await operator.card({ capMinor: 1_500, creditMinor: 700 })
    await charger.sell(card.bytes, 1_500, 20_000)
    expectOk(await operator.receiveBundle(await charger.bundle(0, 1)), 'accepted')
    expect([await operator.available(card.serial), await operator.incomeMinor()]).toEqual([0, 0])
    expectOk(await operator.receiveBundle(await charger.bundle(1, 2)), 'ended')
    expect(await operator.available(card.serial)).toBe(1_500 - totalMinor)
    for (const again of [await charger.bundle(), await charger.bundle(1, 2), await charger.bundle(0, 1)])
      await send(operator, again)
    expect(await operator.incomeMinor()).toBe(totalMinor)
    expect(await operator.available(card.serial)).toBe(1_500 - totalMinor)
    expect(await card.ownerAvailable()).toBe(700)
    expect(await operator.cases()).toEqual([])
  })

  test('a listed token that its charger let in by itself pays what it has left; what was delivered beyond is a case', async () => {
    const operator = await open()
    const charger = await operator.charger()
    const card = await operator.card({ capMinor: 1_500, bearer: 'rfid' })
    await charger.sell(card.bytes, 1_500, 20_000)
    const late = await charger.sell(card.bytes, 1_500 - totalMinor, 40_000)
    const detail = '40000 Wh cost 1960, the card had 520 left'
    const said = { kind: 'incident', what: 'card.over-credit', detail, sessionId: late.id } as const
    charger.log({ ...said, timeS: late.record.timeS })
    for (const bundle of [await charger.bundle(), await charger.bundle()]) await send(operator, bundle)
    expect(await operator.incomeMinor()).toBe(1_500)
    expect(await operator.available(card.serial)).toBe(0)
    expect(await operator.cases()).toEqual(['card-over-credit'])
  })

  test('its last word before its first, with a hole in the log, settles it all the same', async () => {
    const operator = await open()
    const charger = await operator.charger()
    const card = await operator.card({ capMinor: 1_500 })
    await charger.sell(card.bytes, 1_500, 20_000)
    await send(operator, await charger.bundle(1, 2))
    expect(await operator.incomeMinor()).toBe(0)
    await send(operator, await charger.bundle())
    expect(await operator.incomeMinor()).toBe(totalMinor)
    expect(await operator.cases()).toEqual([])
  })

  test('a charger that hears of a settled card’s receipt is told that it is settled', async () => {
    const operator = await open()
    const charger = await operator.charger()
    const phone = await operator.phone(5_000)
    const card = await operator.card({ capMinor: 1_500 })
    await charger.sell(card.bytes, 1_500, 20_000)
    await charger.charge(phone, 1_000, 1_000)
    const reply = expectOk(await operator.receiveBundle(await charger.bundle()), 'received')
    const bytes = fromBase64Url(reply.acknowledgement) ?? new Uint8Array()
    const { settledCounter } = expectOk(parseMessage(acknowledgement, bytes), 'acknowledgement').payload
    expect(settledCounter).toBe(2)
  })

  test('a copied card that was spent at two chargers owes the rest itself, with all of it in one case', async () => {
    for (const isSecondFirst of [false, true]) {
      const operator = await open()
      const chargers = [await operator.charger(), await operator.charger()]
      const card = await operator.card({ capMinor: 1_500, creditMinor: 5_000 })
      for (const charger of chargers) await charger.sell(card.bytes, 1_500, 20_000)
      const bundles = await Promise.all(chargers.map((charger) => charger.bundle()))
      const roads = isSecondFirst ? bundles.toReversed() : bundles
      for (const bundle of [...roads, ...bundles]) await send(operator, bundle)
      expect(await operator.incomeMinor()).toBe(2 * totalMinor)
      expect(await operator.available(card.serial)).toBe(0)
      expect(await operator.owed(debtOf(card))).toBe(2 * totalMinor - 1_500)
      expect(await card.ownerAvailable()).toBe(5_000)
      expect(await operator.cases()).toEqual(['double-spend'])
      const labels = await operator.evidenceOf('double-spend')
      expect(labels.filter((label) => label === 'bearer-record')).toHaveLength(2)
      expect(labels.filter((label) => label === 'receipt')).toHaveLength(2)
      expect(labels).toContain('voucher')
      expect(await operator.revoked(card.serial)).toBe(true)
    }
  })

  test('a lower receipt of a card spent twice takes back first what the card owes', async () => {
    const operator = await open()
    const [here, there] = [await operator.charger(), await operator.charger()]
    const card = await operator.card({ capMinor: 1_500 })
    await here.sell(card.bytes, 1_500, 20_000)
    const second = await there.sell(card.bytes, 1_500, 20_000)
    await send(operator, await here.bundle())
    await send(operator, await there.bundle())
    there.end(second.id, (await there.receipt(second.id, second.offer, 1_500, 10_000)).bytes)
    await send(operator, await there.bundle())
    expect(await operator.incomeMinor()).toBe(totalMinor + half)
    expect(await operator.owed(debtOf(card))).toBe(0)
    expect(await operator.cases()).toEqual(['double-spend', 'two-finals'])
  })

  test('what a listed token spends beyond its credit is its owner’s', async () => {
    const operator = await open()
    const charger = await operator.charger()
    const token = await operator.card({ capMinor: 1_500, bearer: 'rfid', creditMinor: 100 })
    await charger.sell(token.bytes, 1_500, 20_000)
    await charger.sell(token.bytes, 1_500, 20_000)
    await send(operator, await charger.bundle())
    expect(await operator.incomeMinor()).toBe(2 * totalMinor)
    expect([await token.ownerAvailable(), await operator.owed(debtOf(token))]).toEqual([0, 0])
    expect(await operator.cases()).toEqual(['double-spend'])
  })

  test('a used-up card is blocked where chargers of other sites cannot know it, and only there', async () => {
    const operator = await open()
    const charger = await operator.charger()
    await operator.charger('grimsel')
    const roaming = await operator.card({ capMinor: totalMinor, sites: ['kinross', 'grimsel'] })
    const local = await operator.card({ capMinor: totalMinor })
    for (const { bytes } of [roaming, local]) await charger.sell(bytes, totalMinor, 20_000)
    await send(operator, await charger.bundle())
    expect([await operator.revoked(roaming.serial), await operator.revoked(local.serial)]).toEqual([
      true,
      false,
    ])
    expect(await operator.cases()).toEqual([])
  })

  test('a session that ran out its card’s date, or at a site where it is not good, waits for a decision', async () => {
    for (const story of ['card-expired', 'card-site'] as const) {
      const operator = await open()
      const charger = await operator.charger(story === 'card-site' ? 'grimsel' : 'kinross')
      await operator.charger()
      const card = await operator.card({ capMinor: 1_500 })
      const { notAfterS } = expectOk(parseMessage(voucher, card.bytes), 'card').payload
      const late = story === 'card-expired' ? { timeS: epochSeconds(notAfterS + 1) } : {}
      await charger.sell(card.bytes, 1_500, 20_000, { record: late })
      for (let times = 0; times < 2; times += 1) await send(operator, await charger.bundle())
      expect(await operator.incomeMinor()).toBe(0)
      expect(await operator.available(card.serial)).toBe(1_500 - totalMinor)
      expect(await operator.cases()).toEqual([story])
    }
  })

  test('a card that was blocked before it was spent is paid, and somebody looks at it', async () => {
    const operator = await open()
    const charger = await operator.charger()
    const card = await operator.card({ capMinor: 1_500 })
    await operator.revoke(card.serial)
    await charger.sell(card.bytes, 1_500, 20_000)
    for (let times = 0; times < 2; times += 1) await send(operator, await charger.bundle())
    expect(await operator.incomeMinor()).toBe(totalMinor)
    expect(await operator.cases()).toEqual(['card-revoked'])
  })

  test('cards that were never issued post nothing; a charger that sold to many of them is one case', async () => {
    const operator = await open()
    const charger = await operator.charger()
    const card = await operator.card({ capMinor: 1_500 })
    const { payload } = expectOk(parseMessage(voucher, card.bytes), 'card')
    for (const capMinor of [6_000, 6_001]) {
      const forged = await signMessage(voucher, { ...payload, capMinor: minorUnits(capMinor) }, freshSigner())
      await charger.sell(forged.bytes, 1_500, 20_000)
    }
    for (let times = 0; times < 2; times += 1) await send(operator, await charger.bundle())
    expect([await operator.incomeMinor(), await operator.available(card.serial)]).toEqual([0, 1_500])
    expect(await operator.cases()).toEqual(['unknown-card'])
    const labels = await operator.evidenceOf('unknown-card')
    expect(labels.filter((label) => label === 'receipt')).toHaveLength(2)
  })

  test('a record that another key signed is nobody’s word', async () => {
    const operator = await open()
    const charger = await operator.charger()
    const card = await operator.card({ capMinor: 1_500 })
    await charger.sell(card.bytes, 1_500, 20_000, { signer: freshSigner() })
    for (let times = 0; times < 2; times += 1) await send(operator, await charger.bundle())
    expect([await operator.incomeMinor(), await operator.available(card.serial)]).toEqual([0, 1_500])
  })

  test('a charger cannot promise itself more than the card has', async () => {
    const operator = await open()
    const charger = await operator.charger()
    const card = await operator.card({ capMinor: 1_500, creditMinor: 5_000 })
    await charger.sell(card.bytes, 6_000, 100_000)
    await send(operator, await charger.bundle())
    expect(await operator.incomeMinor()).toBe(1_500)
    expect(await card.ownerAvailable()).toBe(5_000)
    expect(await operator.cases()).toContain('exceeds-hold')
  })

  test('one record with two prices binds nobody, whichever comes first', async () => {
    for (const isCheapFirst of [true, false]) {
      const operator = await open()
      const charger = await operator.charger()
      const card = await operator.card({ capMinor: 1_500 })
      const sale = await charger.sell(card.bytes, 1_500, 20_000)
      const cheap = await charger.offer({ tariff: { ...testTariff, energyPerKwh: 100 } })
      const [accepted, ended] = charger.events
      const other = charger.reoffered(accepted!, cheap.bytes)
      const events = [accepted!, encodeJournalEvent(other), ended!]
      charger.events.splice(0, 2, ...(isCheapFirst ? [events[1]!, events[0]!] : events.slice(0, 2)), ended!)
      for (const size of [1, 2, charger.events.length]) await send(operator, await charger.bundle(0, size))
      expect(sale.receipt).toBeDefined()
      expect(await operator.incomeMinor()).toBe(0)
      expect(await operator.available(card.serial)).toBe(1_500 - totalMinor)
      expect(await operator.cases()).toEqual(['two-finals'])
    }
  })

  test('one record that two chargers claim binds nobody, whoever comes first', async () => {
    for (const isThiefFirst of [true, false]) {
      const operator = await open()
      const [owner, thief] = [await operator.charger(), await operator.charger()]
      const card = await operator.card({ capMinor: 1_500 })
      const { record } = await owner.sell(card.bytes, 1_500, 20_000)
      await thief.sell(card.bytes, 1_500, 30_000, { record })
      const news = [await owner.bundle(), await thief.bundle()]
      for (const bundle of isThiefFirst ? news.toReversed() : news) await send(operator, bundle)
      expect(await operator.incomeMinor()).toBe(0)
      expect(await operator.available(card.serial)).toBe(1_500 - 1_470)
      expect(await operator.cases()).toContain('foreign-charger')
    }
  })

  test('a charger with a new key settles the cards that it sold to under the old one', async () => {
    const operator = await open()
    const old = await operator.charger()
    const card = await operator.card({ capMinor: 1_500 })
    const running = await old.sell(card.bytes, 1_500, null)
    await send(operator, await old.bundle())
    const { signer, certificate } = await operator.newKey(old)
    const renewed = TestCharger.holding(old.id, signer, certificate, old.nowS)
    renewed.events.push(...old.events)
    renewed.end(running.id, (await renewed.receipt(running.id, running.offer, 1_500, 20_000)).bytes)
    for (const from of [1, 0]) await send(operator, await renewed.bundle(from))
    expect(await operator.incomeMinor()).toBe(totalMinor)
    expect(await operator.cases()).toEqual([])
  })
}
