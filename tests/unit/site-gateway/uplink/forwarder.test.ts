/** The forwarder over a store in memory, in time that the test turns. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { toBytes } from '@/lib/core/bytes'
import type { Timers } from '@/lib/core/clock'
import { chargerId, parcelId } from '@/lib/core/ids'
import { durationMs, epochSeconds } from '@/lib/core/units'
import type { ParcelPriority } from '@/lib/sync/parcel'
import { openParcelStore, type ParcelStore } from '@/site-gateway/store/parcel-store'
import { Forwarder } from '@/site-gateway/uplink/forwarder'
import type { PostOutcome } from '@/site-gateway/uplink/post-parcel'
import { countingRandom } from '../../../contracts/journal'

/** 2026-11-19T08:00:00Z. */
const startS = 1_795_075_200
const answer = toBytes([1, 2, 3])

let nowMs: number
let waiting: { readonly atMs: number; readonly run: () => void }[]
let store: ParcelStore
let posted: string[]
let outcome: (id: string) => PostOutcome
let forwarder: Forwarder
let told: string[]

const timers: Timers = {
  every: () => () => undefined,
  after: (delayMs, run) => {
    const timer = { atMs: nowMs + delayMs, run }
    waiting.push(timer)
    return () => (waiting = waiting.filter((one) => one !== timer))
  },
}

const answered: PostOutcome = { kind: 'answered', answer }
const failing = (kind: 'refused' | 'later' | 'lost', code: string): PostOutcome => ({
  kind,
  code,
  receivedBytes: 0,
})

/** Everything that is due within this time, in its order; what each starts is done before the next. */
async function pass(spanMs: number): Promise<void> {
  const endMs = nowMs + spanMs
  for (let count = 0; count < 1_000; count += 1) {
    const [next] = waiting.filter(({ atMs }) => atMs <= endMs).sort((one, other) => one.atMs - other.atMs)
    if (next === undefined) break
    waiting = waiting.filter((one) => one !== next)
    nowMs = Math.max(nowMs, next.atMs)
    next.run()
    for (let turn = 0; turn < 8; turn += 1) await Promise.resolve()
  }
  nowMs = endMs
}

const forward = (bytesPerDayMax?: number): Forwarder => {
  const made = new Forwarder({
    ...{ store, timers, bytesPerDayMax, random: countingRandom(), log: (what) => void told.push(what) },
    post: (_bytes, id) => {
      posted.push(id.slice(-1))
      return Promise.resolve(outcome(id.slice(-1)))
    },
    clock: {
      nowS: () => epochSeconds(startS + Math.floor(nowMs / 1_000)),
      monotonicMs: () => durationMs(Math.floor(nowMs)),
    },
  })
  made.start()
  return made
}

function keep(
  count: number,
  charger = 'KIN-01',
  priority: ParcelPriority = 'ordinary',
  sizeBytes = 10,
): void {
  const keptAtS = epochSeconds(startS + Math.floor(nowMs / 1_000))
  const id = parcelId(String(count).padStart(32, '0'))
  const endsAtS = epochSeconds(keptAtS + 86_400)
  store.keep({ charger: chargerId(charger), id, priority, keptAtS, endsAtS }, new Uint8Array(sizeBytes), [])
  forwarder.look()
}

beforeEach(() => {
  nowMs = 0
  waiting = []
  posted = []
  told = []
  outcome = () => answered
  store = openParcelStore(':memory:')
  forwarder = forward()
})
afterEach(() => store.close())

test('what is kept leaves one at a time in its order, and its answers wait for the charger', async () => {
  for (const count of [1, 2, 3]) keep(count)
  await pass(10)
  expect(posted).toEqual(['1', '2', '3'])
  expect(store.shelf).toEqual([])
  expect(store.answersOf(chargerId('KIN-01')).map(({ bytes }) => bytes)).toEqual([answer, answer, answer])
  expect(forwarder.view).toMatchObject({ state: 'up', lastSuccessS: startS })
})

test('while nobody answers it tries ever more seldom, keeps everything, and goes on at once when it is answered', async () => {
  outcome = () => failing('lost', 'api.unreachable')
  keep(1)
  await pass(3_600_000)
  expect(posted.length).toBeGreaterThan(10)
  expect(posted.length).toBeLessThan(40)
  expect(forwarder.view).toMatchObject({ state: 'down', lastFault: { code: 'api.unreachable' } })
  outcome = () => answered
  keep(2)
  await pass(300_000)
  expect(store.shelf).toEqual([])
  expect(told).toEqual(['uplink-down', 'uplink-up'])
})

test('a charger whose parcel makes the operator stumble waits, and holds up nobody', async () => {
  outcome = (id) => (id === '1' ? failing('later', 'api.internal') : answered)
  keep(1, 'KIN-01', 'urgent')
  keep(2, 'KIN-02')
  await pass(1_000)
  expect(posted).toEqual(['1', '2'])
  expect(forwarder.view.state).toBe('up')
  await pass(600_000)
  expect(posted).toEqual(['1', '2', '1'])
  expect(store.shelf).toHaveLength(1)
})

test('a busy operator is everybody’s affair', async () => {
  outcome = () => failing('later', 'api.busy')
  keep(1)
  keep(2, 'KIN-02')
  await pass(500)
  expect(posted).toEqual(['1'])
  expect(forwarder.view.state).toBe('down')
})

test('what the operator never takes is dropped, and known for an hour', async () => {
  outcome = () => failing('refused', 'parcel.key')
  keep(1)
  await pass(10)
  const isKnown = () => forwarder.isRefused(chargerId('KIN-01'), parcelId('1'.padStart(32, '0')))
  expect([store.shelf.length, isKnown()]).toEqual([0, true])
  await pass(3_700_000)
  expect(isKnown()).toBe(false)
})

test('who waits for an answer hears when it is there, when the line is down, and at the latest when the time is up', async () => {
  const heard: string[] = []
  const wait = (count: number): void => {
    const id = parcelId(String(count).padStart(32, '0'))
    void forwarder.settled(chargerId('KIN-01'), id, 5_000).then(() => heard.push(`${count}@${nowMs}`))
  }
  keep(1)
  wait(1)
  await pass(10)
  expect(heard).toEqual(['1@0'])
  outcome = () => failing('lost', 'api.unreachable')
  keep(2)
  wait(2)
  await pass(10)
  expect(heard).toEqual(['1@0', '2@10'])
  wait(3)
  await pass(6_000)
  expect(heard).toHaveLength(3)
})

test('a day’s budget ends what leaves, but for what is urgent, and a new day begins anew', async () => {
  await forwarder.stop()
  forwarder = forward(30_000)
  for (const count of [1, 2, 3, 4]) keep(count, 'KIN-01', 'ordinary', 4_000)
  await pass(1_000)
  expect(posted).toEqual(['1', '2'])
  expect(forwarder.view.state).toBe('spent')
  keep(5, 'KIN-02', 'urgent', 4_000)
  await pass(1_000)
  expect(posted).toEqual(['1', '2', '5'])
  // It was eight in the morning: sixteen hours to midnight.
  await pass(17 * 3_600_000)
  expect(posted).toEqual(['1', '2', '5', '3', '4'])
})

test('what nobody took within its time is dropped', async () => {
  outcome = () => failing('lost', 'api.unreachable')
  keep(1)
  await pass(90_000_000)
  expect(store.shelf).toEqual([])
})
