import { expect, test } from 'vitest'
import { durationMs } from '@/lib/core/units'
import {
  afterAnswer,
  afterEpochStart,
  afterFailure,
  gatherMs,
  heartbeatMs,
  noEpochStarts,
  planUpload,
  uploadNow,
  type UploadSchedule,
} from '@/lib/sync/schedule'

const at = durationMs
const untilOf = (schedule: UploadSchedule, size = 10): number => {
  const plan = planUpload(schedule, { acknowledgedSize: 5, size }, at(0))
  return plan.kind === 'wait' ? plan.untilMs : 0
}

test('the first attempt is due at once, from the oldest unacknowledged event', () => {
  expect(planUpload(uploadNow, { acknowledgedSize: 5, size: 10 }, at(0))).toEqual({
    kind: 'send',
    firstSeq: 5,
  })
})

test('a long backlog goes on without a pause', () => {
  const schedule = afterAnswer(4, { acknowledgedSize: 4, size: 10 }, 4, at(1_000))
  expect(planUpload(schedule, { acknowledgedSize: 4, size: 10 }, at(1_000))).toEqual({
    kind: 'send',
    firstSeq: 4,
  })
})

test('new events gather for a moment, and an idle device sends a heartbeat', () => {
  const schedule = afterAnswer(10, { acknowledgedSize: 10, size: 10 }, 10, at(1_000))
  expect(planUpload(schedule, { acknowledgedSize: 10, size: 11 }, at(1_000))).toEqual({
    kind: 'wait',
    untilMs: 1_000 + gatherMs,
  })
  expect(planUpload(schedule, { acknowledgedSize: 10, size: 10 }, at(1_000))).toEqual({
    kind: 'wait',
    untilMs: 1_000 + heartbeatMs,
  })
  expect(planUpload(schedule, { acknowledgedSize: 10, size: 10 }, at(1_000 + heartbeatMs)).kind).toBe('send')
})

test('failures back off, doubling up to five minutes', () => {
  let schedule = uploadNow
  const pauses = Array.from({ length: 12 }, () => {
    schedule = afterFailure(schedule, at(0), 0.999)
    return Math.round(untilOf(schedule) / 1_000)
  })
  expect(pauses).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300])
})

test('the random fraction spreads attempts over half of the pause', () => {
  const thrice = afterFailure(afterFailure(uploadNow, at(0), 0), at(0), 0)
  expect(untilOf(afterFailure(thrice, at(0), 0))).toBe(4_000)
  expect(untilOf(afterFailure(thrice, at(0), 0.5))).toBe(6_000)
})

test('an answer ends the back-off', () => {
  const failed = afterFailure(uploadNow, at(0), 0)
  expect(failed.failures).toBe(1)
  expect(afterAnswer(10, { acknowledgedSize: 10, size: 10 }, 10, at(0)).failures).toBe(0)
})

test('a receiver that lost data is sent everything from what it still holds', () => {
  const backlog = { acknowledgedSize: 5, size: 10 }
  const afterGap = afterFailure(uploadNow, at(0), 0, 2)
  expect(planUpload(afterGap, backlog, at(10_000))).toEqual({ kind: 'send', firstSeq: 2 })
  const halfway = afterAnswer(4, backlog, 4, at(10_000))
  expect(planUpload(halfway, backlog, at(10_000))).toEqual({ kind: 'send', firstSeq: 4 })
  const whole = afterAnswer(10, { acknowledgedSize: 10, size: 10 }, 10, at(10_000))
  expect(whole.resumeAt).toBeUndefined()
})

test('what is held already is left out, and where nothing else is left a bare checkpoint asks', () => {
  const held = [
    { from: 5, to: 7 },
    { from: 8, to: 10 },
  ]
  const plan = (backlog: { acknowledgedSize: number; size: number }) =>
    planUpload(uploadNow, { ...backlog, held }, at(0))
  expect(plan({ acknowledgedSize: 5, size: 12 })).toEqual({ kind: 'send', firstSeq: 7, end: 8 })
  expect(plan({ acknowledgedSize: 8, size: 12 })).toEqual({ kind: 'send', firstSeq: 10 })
  expect(plan({ acknowledgedSize: 8, size: 10 })).toEqual({ kind: 'send', firstSeq: 10 })
})

test('a device that must start epoch after epoch waits longer each time, and forgets it after a day', () => {
  let starts = noEpochStarts
  const pauses = Array.from({ length: 9 }, () => {
    const nowMs = at(starts.untilMs + 1)
    starts = afterEpochStart(starts, nowMs)
    return (starts.untilMs - nowMs) / 60_000
  })
  expect(pauses).toEqual([0, 1, 2, 4, 8, 16, 32, 60, 60])
  expect(afterEpochStart(starts, at(starts.lastMs + 86_400_000)).count).toBe(1)
})
