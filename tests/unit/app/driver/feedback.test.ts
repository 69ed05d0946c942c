/** The browser's speaker and motor are stood in for here; what is asked of them is the app's own. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

interface Phone {
  readonly tones: number[]
  readonly touches: (readonly number[])[]
}

interface Situation {
  readonly stored?: Readonly<Record<string, string>>
  readonly hour?: number
  readonly wantsLessMotion?: boolean
}

/** What a phone plays and how it shakes for a code that was accepted. */
async function feel(feedback: 'accepted' | 'refused' | 'finished' | 'read', situation: Situation = {}) {
  const phone: Phone = { tones: [], touches: [] }
  vi.setSystemTime(new Date(2026, 10, 12, situation.hour ?? 12))
  vi.stubGlobal('localStorage', { getItem: (key: string) => situation.stored?.[key] ?? null })
  vi.stubGlobal('navigator', { vibrate: (touch: readonly number[]) => phone.touches.push(touch) })
  vi.stubGlobal('window', {
    matchMedia: (query: string) => ({
      matches: query.includes('reduced-motion') && situation.wantsLessMotion === true,
    }),
  })
  vi.stubGlobal('AudioContext', speaker(phone.tones))
  const { giveFeedback } = await import('@/app/(driver)/_wallet/feedback')
  giveFeedback(feedback)
  return phone
}

function speaker(tones: number[]) {
  const ramp = { setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined }
  return class {
    readonly currentTime = 0
    readonly destination = {}
    createGain = () => ({ gain: ramp, connect: () => undefined })
    createOscillator = () => {
      const frequency = { value: 0 }
      const start = () => tones.push(frequency.value)
      return { frequency, start, stop: () => undefined, connect: (next: unknown) => next }
    }
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.resetModules()
})

test('a yes rises, a no falls, and a piece of a code is felt alone', async () => {
  const yes = await feel('accepted')
  expect(yes.tones[0]).toBeLessThan(yes.tones[1] ?? 0)
  vi.resetModules()
  const no = await feel('refused')
  expect(no.tones[0]).toBeGreaterThan(no.tones[1] ?? 0)
  expect(no.touches).toEqual([[40, 60, 40]])
  vi.resetModules()
  expect(await feel('read')).toEqual({ tones: [], touches: [[30]] })
})

test('at night nothing sounds, and what can be felt still is', async () => {
  for (const hour of [22, 3, 6]) {
    expect(await feel('accepted', { hour })).toEqual({ tones: [], touches: [[60]] })
    vi.resetModules()
  }
  expect((await feel('accepted', { hour: 7 })).tones).toHaveLength(2)
})

test('whoever switched sounds or touches off gets none', async () => {
  const quiet = await feel('finished', { stored: { 'outpost.sounds': 'off' } })
  expect(quiet.tones).toEqual([])
  expect(quiet.touches).toHaveLength(1)
  vi.resetModules()
  const still = await feel('finished', { stored: { 'outpost.haptics': 'off' } })
  expect(still.touches).toEqual([])
  expect(still.tones).toHaveLength(2)
})

test('whoever wants less motion gets one touch instead of a pattern', async () => {
  expect((await feel('refused', { wantsLessMotion: true })).touches).toEqual([[40]])
})
