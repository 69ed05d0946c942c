import { randomBytes } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { toBytes, type Bytes } from '@/lib/core/bytes'
import { err, ok } from '@/lib/core/result'
import { hpkePair, sealShared, sealWithHpke, unsealShared } from '@/lib/crypto/hpke'
import type { SealingPair } from '@/lib/crypto/sealing'
import type { SignedSession } from '@/lib/letter/compact-session'
import { framesOf, joinFrames, readFrame } from '@/lib/letter/frames'
import { encodeLetterAnswer, letterAnswerLabel, openLetter, sealLetter } from '@/lib/letter/letter'
import { nothingSpent, type RoadSpent, type RoadTerms } from '@/lib/sync/road-budget'
import type { Exchanged, ModemFault, SatelliteModem } from '@/charger-kiosk/satellite/modem'
import { SatelliteLoop } from '@/charger-kiosk/satellite/satellite-loop'
import type { LetterRow } from '@/charger-kiosk/session/records'
import { ManualTime } from '@/simulator/charger/manual-time'
import { charged, chargerOf, phoneOf, signedSession } from '@/tests/fixtures/letter-sessions'

let operator: SealingPair
let sessions: readonly SignedSession[]
let time: ManualTime
let state: LetterRow
let sent: Bytes[]
let asked: number
let mailbox: Bytes[]
let fault: ModemFault | undefined
let spent: RoadSpent
let heard: Bytes[]
const lines: string[] = []

beforeEach(async () => {
  operator = await hpkePair(randomBytes(32))
  const charger = chargerOf()
  const phone = await phoneOf()
  sessions = [
    signedSession(await charged(charger, phone), phone),
    signedSession(await charged(charger, phone), phone),
  ]
  time = new ManualTime()
  state = { toldCounter: 0 }
  ;[sent, mailbox, heard] = [[], [], []]
  asked = 0
  fault = undefined
  spent = nothingSpent
  lines.length = 0
})

const modem: SatelliteModem = {
  exchange: (message) => {
    if (fault !== undefined) return Promise.resolve(err(fault))
    if (message === undefined) asked += 1
    else sent.push(message)
    const received = mailbox.shift()
    const exchanged: Exchanged = { received, waiting: mailbox.length }
    return Promise.resolve(ok(exchanged))
  },
  close: () => undefined,
}

function open(terms: RoadTerms = {}): SatelliteLoop {
  return new SatelliteLoop({
    post: {
      get nowS() {
        return time.nowS()
      },
      get state() {
        return state
      },
      waiting: () =>
        sessions.map((session) => ({
          counter: session.receipt.payload.counter,
          endedAtS: time.nowS(),
          session,
        })),
      begin: async () => {
        const untold = sessions.filter(({ receipt }) => receipt.payload.counter > state.toldCounter)
        const sealed = await sealLetter(untold, operator.publicKey, sealWithHpke)
        const counters = untold.map(({ receipt }) => receipt.payload.counter)
        const letter = { letter: 99, counters, sealed: sealed.bytes, answerKey: sealed.answerKey }
        state = { ...state, underWay: { ...letter, messageBytesMax: 340, sentParts: 0 } }
        return ok(undefined)
      },
      keep: (next) => {
        state = next
        return Promise.resolve(ok(undefined))
      },
      hear: (deltas) => {
        heard.push(...deltas)
        return Promise.resolve()
      },
    },
    modem,
    settings: {
      ...{ messageBytesMax: 340, messagesPerLetterMax: 8, quietS: 0, gatherS: 0 },
      ...{ gatherSessions: 1, answerS: 300 },
    },
    terms,
    book: { read: () => spent, write: (_name, next) => (spent = next) },
    open: unsealShared,
    clock: time,
    timers: time,
    random: { bytes: (length) => new Uint8Array(length) },
    heardS: () => undefined,
    log: (what) => lines.push(what),
  })
}

/** The operator's side: opens what came, and answers. */
async function answered(decided: number, revocationDeltas: readonly Bytes[] = []): Promise<void> {
  const sealed = joinFrames(sent.map((message) => readFrame(message)!))!
  const letter = await openLetter(sealed, [operator.unseal])
  const plain = encodeLetterAnswer({ decided, revocationDeltas })
  const bytes = await sealShared(letter!.answerKey, plain, letterAnswerLabel, toBytes(randomBytes(12)))
  mailbox.push(...framesOf('answer', 99, bytes, 270)!)
}

/** Web cryptography answers when it likes. */
async function pass(spanMs: number): Promise<void> {
  for (let passed = 0; passed < spanMs; passed += 1_000) {
    await time.advance(Math.min(1_000, spanMs - passed))
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

/** A second after the other, until it is so; sealing takes as long as it takes. */
async function passUntil(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries += 1) {
    if (tries > 2_000) throw new Error('Waited in vain')
    await pass(1_000)
  }
}

test('a letter goes, is answered and counts as told, with the news that lay in the answer', async () => {
  const loop = open()
  loop.start()
  await passUntil(() => sent.length === 2)
  const delta = toBytes(randomBytes(104))
  await answered(2, [delta])
  await passUntil(() => state.underWay === undefined)
  expect(asked).toBe(1)
  expect(state).toEqual({ toldCounter: 2 })
  expect(heard).toEqual([delta])
  expect(loop.figures).toMatchObject({
    messagesSent: 2,
    messagesReceived: 1,
    sessionsTold: 2,
    fault: undefined,
  })
  expect(lines).toEqual(['letter-begun', 'letter-answered'])
  await loop.stop()
})

test('what was not decided goes in the next letter', async () => {
  const loop = open()
  loop.start()
  await passUntil(() => sent.length === 2)
  await answered(1)
  await passUntil(() => state.toldCounter === 1 && state.underWay !== undefined)
  expect(state.underWay?.counters).toEqual([2])
  await loop.stop()
})

test('what a stranger puts into the mailbox changes nothing', async () => {
  const loop = open()
  loop.start()
  await passUntil(() => sent.length === 2)
  const plain = encodeLetterAnswer({ decided: 2, revocationDeltas: [] })
  const forged = await sealShared(
    toBytes(randomBytes(32)),
    plain,
    letterAnswerLabel,
    toBytes(randomBytes(12)),
  )
  mailbox.push(
    toBytes([1, 2, 3]),
    ...framesOf('answer', 99, forged, 270)!,
    ...framesOf('answer', 98, forged, 270)!,
  )
  await passUntil(() => mailbox.length === 0)
  await pass(10_000)
  expect(state.underWay?.letter).toBe(99)
  expect(state.toldCounter).toBe(0)
  await loop.stop()
})

test('a modem that fails is tried again, less and less often, and is complained of once', async () => {
  fault = { cause: 'no-signal', detail: 'signal 0' }
  const loop = open()
  loop.start()
  await pass(600_000)
  expect(loop.figures.faults).toBeGreaterThan(3)
  expect(loop.figures.faults).toBeLessThan(10)
  expect(loop.figures.fault).toContain('no-signal')
  expect(lines.filter((line) => line === 'satellite-failed')).toHaveLength(1)
  fault = undefined
  await passUntil(() => sent.length === 2)
  expect(loop.figures.fault).toBeUndefined()
  await loop.stop()
})

test('without money nothing goes until the month is over', async () => {
  const loop = open({ pricePerMessageMinor: 10, moneyPerMonthMaxMinor: 15 })
  loop.start()
  await passUntil(() => loop.figures.fault !== undefined)
  await pass(60_000)
  expect(sent).toHaveLength(1)
  expect(loop.figures.fault).toBe('money-per-month')
  expect(spent.monthMicroMinor).toBe(10_000_000)
  await loop.stop()
})

test('what never reached a satellite costs nothing, what may have and what came does', async () => {
  fault = { cause: 'no-signal', detail: 'signal 0' }
  const loop = open({ pricePerMessageMinor: 10, moneyPerMonthMaxMinor: 1_000 })
  loop.start()
  await passUntil(() => loop.figures.faults === 5)
  expect(spent).toMatchObject({ monthMicroMinor: 0, dayBytes: 0 })
  fault = { cause: 'not-sent', detail: 'MO status 18' }
  await passUntil(() => loop.figures.faults === 6)
  expect(spent.monthMicroMinor).toBe(10_000_000)
  fault = undefined
  mailbox.push(toBytes([1, 2, 3]))
  await passUntil(() => sent.length === 2)
  await pass(1_000)
  // Two parts, and the message that came with one of them.
  expect(spent.monthMicroMinor).toBe(40_000_000)
  await loop.stop()
})

test('a mailbox that never ends is not asked for ever', async () => {
  const loop = open()
  loop.start()
  await passUntil(() => sent.length === 2)
  for (let index = 0; index < 100; index += 1) mailbox.push(toBytes([index]))
  await passUntil(() => asked > 0)
  await pass(120_000)
  expect(asked).toBeLessThanOrEqual(10)
  await loop.stop()
})
