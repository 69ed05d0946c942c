import { beforeEach, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { verifyWithNode } from '@/lib/crypto/node'
import type { Journal } from '@/lib/journal/journal'
import { MemoryDisk, openMemoryJournal } from '@/lib/journal/memory-disk'
import { memoryRoad, type Mishap } from '@/lib/roads/memory-road'
import { startUploader, type Uploader, type UploaderOptions } from '@/lib/roads/uploader'
import { gatherMs, heartbeatMs } from '@/lib/sync/schedule'
import { deviceSigner, named } from '../../../fixtures/device-log'
import { MemoryReceiver, trust } from '../../../fixtures/issuer'
import { ManualTime, settled } from '@/simulator/charger/manual-time'
import { countingRandom, events, testDevice } from '../../../contracts/journal'

let time: ManualTime
let journal: Journal
let receiver: MemoryReceiver
let attempts: (string | undefined)[]
let newsCount: number
let mishap: Mishap

beforeEach(() => {
  time = new ManualTime()
  journal = expectOk(
    openMemoryJournal(new MemoryDisk(), { device: testDevice, random: countingRandom() }),
    'open',
  )
  receiver = new MemoryReceiver(deviceSigner.publicKey)
  attempts = []
  newsCount = 0
  mishap = { kind: 'none' }
})

function start(replaced: Partial<UploaderOptions> = {}): Uploader {
  return startUploader({
    journal,
    signer: deviceSigner,
    certificate: Uint8Array.of(0xa0),
    road: memoryRoad(receiver.receive, () => mishap),
    verify: verifyWithNode,
    clock: time,
    timers: time,
    random: { bytes: (length) => new Uint8Array(length) },
    trust: () => trust,
    onNews: () => {
      newsCount += 1
    },
    onAttempt: (fault) => attempts.push(fault?.code),
    ...replaced,
  })
}

test('what the journal holds goes out soon after the start', async () => {
  journal.append(events('a', 'b'))
  start()
  await time.advance(1_000)
  expect(receiver.eventsOf(1)).toEqual(named('a', 'b'))
  expect([attempts, newsCount]).toEqual([[undefined], 1])
})

test('later events gather for a moment and go out together', async () => {
  start()
  await time.advance(1_000)
  journal.append(events('a'))
  await time.advance(gatherMs - 1_000)
  journal.append(events('b'))
  await time.advance(2_000)
  expect(receiver.eventsOf(1)).toEqual(named('a', 'b'))
  expect(attempts).toHaveLength(2)
})

test('an idle device asks for news once a minute', async () => {
  start()
  await time.advance(1_000 + 3 * heartbeatMs)
  expect(newsCount).toBe(4)
})

test('without a road the attempts become rare, and nothing is lost', async () => {
  journal.append(events('a'))
  mishap = { kind: 'drop' }
  start()
  await time.advance(3_600_000)
  expect(attempts.length).toBeGreaterThan(10)
  expect(attempts.length).toBeLessThan(40)
  expect(new Set(attempts)).toEqual(new Set(['api.unreachable']))
  mishap = { kind: 'none' }
  await time.advance(300_000)
  expect(receiver.eventsOf(1)).toEqual(named('a'))
})

test('a nudge tries at once, whatever the back-off says', async () => {
  journal.append(events('a'))
  mishap = { kind: 'drop' }
  const uploader = start()
  await time.advance(600_000)
  mishap = { kind: 'none' }
  uploader.nudge()
  await settled()
  expect(receiver.eventsOf(1)).toEqual(named('a'))
})

test('a backlog of several bundles goes out without pauses between them', async () => {
  for (let batch = 0; batch < 5; batch += 1) {
    journal.append(events(...Array.from({ length: 1_000 }, (_, index) => `${batch}/${index}`)))
  }
  start()
  await time.advance(3_000)
  expect(receiver.eventsOf(1)).toHaveLength(5_000)
  expect(attempts).toHaveLength(3)
})

test('a second attempt waits until the first has ended', async () => {
  let sends = 0
  let answer: () => void = () => undefined
  const slow = new Promise<void>((resolve) => {
    answer = resolve
  })
  const road = {
    name: 'slow',
    send: async (bundle: Uint8Array<ArrayBuffer>) => {
      sends += 1
      await slow
      return receiver.receive(bundle)
    },
  }
  const uploader = start({ road })
  await time.advance(5_000)
  uploader.nudge()
  await settled()
  expect(sends).toBe(1)
  answer()
  await settled()
  expect(attempts).toEqual([undefined])
})

test('after it was stopped it sends nothing more', async () => {
  start().stop()
  journal.append(events('a'))
  await time.advance(600_000)
  expect(attempts).toEqual([])
})
