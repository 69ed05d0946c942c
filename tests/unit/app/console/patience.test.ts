import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { patienceOf, readWhole } from '@/app/_console/patience'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** An answer that gives a byte each time somebody says so. */
function slowly() {
  let give: (() => void) | undefined
  let end: (() => void) | undefined
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      give = () => controller.enqueue(new Uint8Array([97]))
      end = () => controller.close()
    },
  })
  return {
    response: new Response(stream, { headers: { 'content-type': 'text/csv' } }),
    give: () => give?.(),
    end: () => end?.(),
  }
}

test('a file that keeps coming may take longer than anybody would wait for nothing', async () => {
  const patience = patienceOf(20_000)
  const answer = slowly()
  const file = readWhole(answer.response, patience)
  for (let piece = 0; piece < 5; piece += 1) {
    answer.give()
    await vi.advanceTimersByTimeAsync(15_000)
  }
  answer.end()
  const blob = await file
  expect([blob.size, blob.type]).toEqual([5, 'text/csv'])
  patience.end()
  expect(vi.getTimerCount()).toBe(0)
})

test('one that falls silent is given up, and nothing of it is taken for the whole', async () => {
  const answer = slowly()
  const file = readWhole(answer.response, patienceOf(20_000))
  const failed = expect(file).rejects.toThrow(/abort/i)
  answer.give()
  await vi.advanceTimersByTimeAsync(19_000)
  answer.give()
  await vi.advanceTimersByTimeAsync(20_001)
  await failed
})
