import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createDemoControl, type DemoControl } from '@/app/demo/demo-control'
import type { DemoState } from '@/scripts/start/demo-control-types'

const running: DemoState = {
  controller: 'running',
  uplink: 'online',
  vehicle: 'unplugged',
  driverAppUrl: 'http://localhost:1',
  kioskScreenUrl: 'http://localhost:2',
}
const stopped: DemoState = { ...running, controller: 'stopped' }

interface Asked {
  readonly path: string
  answer(state: DemoState | null): void
}

let asked: Asked[] = []
let control: DemoControl
let leave: () => void

beforeEach(() => {
  vi.useFakeTimers()
  asked = []
  vi.stubGlobal('fetch', (url: string) => {
    const path = new URL(url, 'http://page').pathname
    if (path.endsWith('/ledger')) return Promise.resolve(new Response(null, { status: 503 }))
    return new Promise<Response>((resolve) => {
      asked.push({
        path,
        answer: (state) =>
          resolve(new Response(JSON.stringify(state), { status: state === null ? 409 : 200 })),
      })
    })
  })
  control = createDemoControl('http://switches')
  leave = control.subscribe(() => undefined)
})

afterEach(() => {
  leave()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const settle = () => vi.advanceTimersByTimeAsync(1)
const paths = () => asked.map(({ path }) => path)
const controller = () => control.snapshot().state?.controller

test('a switch shows at once what it was pressed to, and an older poll does not take it back', async () => {
  asked[0]?.answer(running)
  await settle()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(paths()).toEqual(['/state', '/state'])
  void control.press('kill-controller')
  expect(controller()).toBe('stopped')
  asked[1]?.answer(running)
  await settle()
  expect(controller()).toBe('stopped')
})

test('pressed again before the first answer, it ends as it was pressed last', async () => {
  asked[0]?.answer(running)
  await settle()
  void control.press('kill-controller')
  await settle()
  void control.press('restart-controller')
  expect(controller()).toBe('running')
  await settle()
  expect(paths(), 'the second waits for the first').toEqual(['/state', '/kill-controller'])
  asked[1]?.answer(stopped)
  await settle()
  expect(controller()).toBe('running')
  asked[2]?.answer(running)
  await settle()
  expect(paths()).toEqual(['/state', '/kill-controller', '/restart-controller'])
  expect(controller()).toBe('running')
})

test('what the switches refuse is put right by the next poll', async () => {
  asked[0]?.answer(running)
  await settle()
  void control.press('kill-controller')
  await settle()
  asked[1]?.answer(null)
  await vi.advanceTimersByTimeAsync(1_000)
  asked[2]?.answer(running)
  await settle()
  expect(controller()).toBe('running')
})
