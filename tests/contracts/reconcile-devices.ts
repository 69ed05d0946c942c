/**
 * Cases that reconciliation opens by itself about a charger: what stays missing of its log or receipts, a clock that
 * leapt, a meter that contradicts itself, a charger that the books never heard of. The same stories in memory and on
 * PostgreSQL.
 */

import { expect, test } from 'vitest'
import { utf8 } from '@/lib/core/bytes'
import { chargerId, sessionId, siteId, type OperatorId } from '@/lib/core/ids'
import { addSeconds, epochSeconds, wattHours } from '@/lib/core/units'
import { recordsHash } from '@/lib/metering/meter-record'
import type { JournalEvent } from '@/lib/protocol/journal-event'
import type { Signer } from '@/lib/crypto/signature'
import { signMessage } from '@/lib/protocol/message'
import { chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { gapPatienceS } from '@/lib/cloud/ingest/watch-gaps'
import { freshMeter } from '@/simulator/charger/signing-meter'
import { freshSigner, TestCharger, type TestSession } from '../fixtures/session-actors'
import type { CardOperatorUnderTest } from './reconcile-bearers'

export interface DeviceOperatorUnderTest extends CardOperatorUnderTest {
  /** Moves the operator's clock. */
  pass(spanS: number): void
  watchGaps(): Promise<void>
  readonly tenant: OperatorId
  readonly issuer: Signer
}

export function reconcileDevicesContract(open: () => Promise<DeviceOperatorUnderTest>): void {
  const incident = (what: string, detail: string): JournalEvent => ({
    ...{ kind: 'incident', what, detail },
    timeS: epochSeconds(1_788_264_000),
  })
  /** The phone brings only this session’s receipt. */
  const bring = (operator: DeviceOperatorUnderTest, session: TestSession, phone: ReportingPhone) =>
    operator.receiveReport(phone.report([session]))

  test('receipts that stay away for weeks are a case, which ends by itself when they come', async () => {
    const operator = await open()
    const phone = await operator.phone(9_000)
    const charger = await operator.charger()
    await charger.charge(phone, 1_000, 1_000)
    const second = await charger.charge(phone, 1_000, 1_000)
    await bring(operator, second, phone)
    await operator.watchGaps()
    operator.pass(gapPatienceS - 1)
    await operator.watchGaps()
    expect(await operator.cases()).toEqual([])
    operator.pass(1)
    for (let times = 0; times < 2; times += 1) await operator.watchGaps()
    expect(await operator.cases()).toEqual(['gap'])
    expect(await operator.evidenceOf('gap')).toContain('receipt')
    await operator.receiveBundle(await charger.bundle())
    for (let times = 0; times < 2; times += 1) await operator.watchGaps()
    expect(await operator.cases()).toEqual([])
  })

  test('another gap of the same charger is another case', async () => {
    const operator = await open()
    const phone = await operator.phone(9_000)
    const charger = await operator.charger()
    const sessions: TestSession[] = []
    for (let count = 0; count < 4; count += 1) sessions.push(await charger.charge(phone, 1_000, 1_000))
    const lasting = async (): Promise<void> => {
      await operator.watchGaps()
      operator.pass(gapPatienceS)
      await operator.watchGaps()
    }
    await bring(operator, sessions[1]!, phone)
    await lasting()
    await bring(operator, sessions[0]!, phone)
    await operator.watchGaps()
    expect(await operator.cases()).toEqual([])
    await bring(operator, sessions[3]!, phone)
    await lasting()
    expect(await operator.cases()).toEqual(['gap'])
    await bring(operator, sessions[2]!, phone)
    await operator.watchGaps()
    expect(await operator.cases()).toEqual([])
  })

  test('events that the log lacks are a case after the same time, and money in the rest is taken at once', async () => {
    const operator = await open()
    const phone = await operator.phone(9_000)
    const charger = await operator.charger()
    charger.log(incident('ocpp.unknown-stop', 'nothing'))
    await charger.charge(phone, 1_000, 1_000)
    await operator.receiveBundle(await charger.bundle(1, 3))
    expect(await operator.incomeMinor()).toBe(49)
    await operator.watchGaps()
    operator.pass(gapPatienceS)
    await operator.receiveBundle(await charger.bundle(1, 3))
    await operator.watchGaps()
    expect(await operator.cases()).toEqual(['gap'])
    expect(await operator.evidenceOf('gap')).toEqual(['checkpoint'])
    await operator.receiveBundle(await charger.bundle())
    await operator.watchGaps()
    expect(await operator.cases()).toEqual([])
  })

  test('a charger whose clock leapt, by its own word or by its checkpoints, is one case', async () => {
    const operator = await open()
    const charger = await operator.charger()
    for (const jumpS of [900, -900]) charger.log(incident('clock.jump', `the wall clock moved by ${jumpS} s`))
    await operator.receiveBundle(await charger.bundle(0, 1))
    for (let times = 0; times < 2; times += 1) await operator.receiveBundle(await charger.bundle())
    expect(await operator.cases()).toEqual(['clock-jump'])
    expect(await operator.evidenceOf('clock-jump')).toEqual(['incident', 'incident'])
  })

  test.each([
    ['ahead of ours', [7_200]],
    ['before the last one’s', [0, -90_000]],
  ] as const)('a checkpoint whose time lies %s is a case of the clock', async (_name, shifts) => {
    const operator = await open()
    const charger = await operator.charger()
    for (const shiftS of shifts) {
      charger.log(incident('ocpp.unknown-stop', 'nothing'))
      await operator.receiveBundle(await charger.bundle(0, charger.events.length, charger.signer, shiftS))
    }
    expect(await operator.cases()).toEqual(['clock-jump'])
    expect(await operator.evidenceOf('clock-jump')).toEqual(['checkpoint'])
  })

  test('a meter that ran back, or a bill from another register than the session began with, is a case', async () => {
    for (const story of ['incident', 'register'] as const) {
      const operator = await open()
      const phone = await operator.phone(9_000)
      const charger = await operator.charger()
      if (story === 'incident') charger.log(incident('meter.ran-back', 'register 10 Wh after 20 Wh'))
      const session = await charger.charge(phone, 1_000, 1_000)
      if (story === 'register') {
        const started = { timeS: epochSeconds(charger.nowS + 62), sessionId: sessionId(session.id) }
        const ended = charger.events.pop()
        charger.log({ kind: 'started', ...started, transactionId: 1, meterStartWh: wattHours(999_000) })
        if (ended !== undefined) charger.events.push(ended)
      }
      for (let times = 0; times < 2; times += 1) await operator.receiveBundle(await charger.bundle())
      expect(await operator.cases()).toEqual(['meter-mismatch'])
      expect(await operator.incomeMinor()).toBe(49)
    }
  })

  test.each([
    ['that says what is billed', 1_001_000, 0],
    ['that says less', 1_000_500, 1],
  ])(
    'a record of the meter %s: the register is billed, and a difference is a case',
    async (_name, endWh, cases) => {
      const operator = await open()
      const phone = await operator.phone(9_000)
      const charger = await operator.charger()
      const atS = charger.nowS + 70
      const meter = freshMeter('secp256r1')
      const signed = meter.record(1, [
        { atS, reason: 'B', energyWh: 1_000_000 },
        { atS: atS + 1_800, reason: 'E', energyWh: endWh },
      ])
      const records = [utf8(signed)]
      const session = await charger.charge(phone, 1_000, 1_000, { meterRecordHash: recordsHash(records) })
      const ended = charger.events.pop()
      const timeS = epochSeconds(charger.nowS + 1_900)
      charger.log({ kind: 'meter-records', timeS, sessionId: session.id, records, key: meter.publicKey })
      if (ended !== undefined) charger.events.push(ended)
      for (let times = 0; times < 2; times += 1) await operator.receiveBundle(await charger.bundle())
      expect(await operator.cases()).toHaveLength(cases)
      expect(await operator.incomeMinor()).toBe(49)
      if (cases > 0) {
        expect(await operator.cases()).toEqual(['meter-mismatch'])
        const labels = await operator.evidenceOf('meter-mismatch')
        expect([...labels].sort()).toEqual(['certificate', 'meter-key', 'meter-record', 'receipt'])
      }
    },
  )

  test('a charger’s own word that a record contradicts it is a case, and that it has no key is none', async () => {
    const operator = await open()
    const phone = await operator.phone(9_000)
    const charger = await operator.charger()
    const { id } = await charger.charge(phone, 1_000, 1_000)
    const timeS = epochSeconds(charger.nowS + 1_900)
    const records = [utf8('OCMF|{}|{}')]
    charger.log({ ...incident('meter.record-key-missing', 'meter 1'), sessionId: id } as JournalEvent)
    await operator.receiveBundle(await charger.bundle())
    expect(await operator.cases()).toEqual([])
    charger.log({ kind: 'meter-records', timeS, sessionId: id, records })
    charger.log({ ...incident('meter.record-signature', 'meter 1'), sessionId: id } as JournalEvent)
    await operator.receiveBundle(await charger.bundle())
    expect(await operator.cases()).toEqual(['meter-mismatch'])
    expect([...(await operator.evidenceOf('meter-mismatch'))].sort()).toEqual(['incident', 'meter-record'])
  })

  test('what a technician should look at, and an honest register, are nobody else’s case', async () => {
    const operator = await open()
    const phone = await operator.phone(9_000)
    const charger = await operator.charger()
    charger.log(incident('ocpp.orphan-transaction', 'transaction 7 is not running here'))
    const session = await charger.charge(phone, 1_000, 1_000)
    const ended = charger.events.pop()
    const started = { timeS: epochSeconds(charger.nowS + 62), sessionId: sessionId(session.id) }
    charger.log({ kind: 'started', ...started, transactionId: 1, meterStartWh: wattHours(1_000_000) })
    if (ended !== undefined) charger.events.push(ended)
    await operator.receiveBundle(await charger.bundle())
    expect(await operator.cases()).toEqual([])
  })

  test('a certified charger that the books do not know is refused, and is one case; a stranger is none', async () => {
    const operator = await open()
    const phone = await operator.phone(9_000)
    const known = await operator.charger()
    const [signer, stranger] = [freshSigner(), freshSigner()]
    const certify = async (key: Signer, by: Signer): Promise<TestCharger> => {
      const notBeforeS = epochSeconds(known.nowS - 86_400)
      const terms = {
        ...{
          operator: operator.tenant,
          chargerId: chargerId('GHOST-1'),
          key: key.publicKey,
          capabilities: 1,
        },
        ...{ siteId: siteId('kinross'), siteLabel: 'Kinross', bayLabel: 'A1', notBeforeS },
        notAfterS: addSeconds(notBeforeS, 365 * 86_400),
      }
      const { bytes } = await signMessage(chargerCertificate, terms, by)
      return TestCharger.holding('GHOST-1', key, bytes, known.nowS)
    }
    const ghost = await certify(signer, operator.issuer)
    await ghost.charge(phone, 1_000, 1_000)
    for (let times = 0; times < 2; times += 1) {
      const refused = await operator.receiveBundle(await ghost.bundle())
      expect(refused.ok ? 'taken' : refused.error).toMatchObject({ code: 'device.unknown' })
    }
    const nobody = await certify(stranger, stranger)
    await nobody.charge(phone, 1_000, 1_000)
    await operator.receiveBundle(await nobody.bundle())
    expect(await operator.incomeMinor()).toBe(0)
    expect(await operator.cases()).toEqual(['unknown-device'])
    expect(await operator.evidenceOf('unknown-device')).toEqual(['certificate', 'checkpoint'])
  })
}

type ReportingPhone = Awaited<ReturnType<DeviceOperatorUnderTest['phone']>>
