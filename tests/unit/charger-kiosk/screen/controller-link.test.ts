import { expect, test } from 'vitest'
import { controllerLink, parseToScreen, type SocketEvents } from '@/charger-kiosk/screen/controller-link'
import { screenSilenceMs, type FromScreen, type ToScreen } from '@/charger-kiosk/screen-protocol'
import type { CancelTimer, Timers } from '@/lib/core/clock'
import { phases, state } from './story'

/** Time that passes only when a test says so. */
function manualTimers() {
  let nowMs = 0
  const pending = new Set<{ atMs: number; run: () => void }>()
  const timers: Timers = {
    every: () => () => undefined,
    after: (delayMs, run): CancelTimer => {
      const entry = { atMs: nowMs + delayMs, run }
      pending.add(entry)
      return () => pending.delete(entry)
    },
  }
  function pass(ms: number): void {
    const endMs = nowMs + ms
    for (;;) {
      const due = [...pending].filter((entry) => entry.atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0]
      if (due === undefined) break
      pending.delete(due)
      nowMs = due.atMs
      due.run()
    }
    nowMs = endMs
  }
  return { timers, pass, nowMs: () => nowMs }
}

function bench() {
  const time = manualTimers()
  const opened: { events: SocketEvents; sent: string[]; closed: boolean; atMs: number }[] = []
  const links: string[] = []
  const heard: ToScreen[] = []
  const link = controllerLink({
    timers: time.timers,
    open: (events) => {
      const socket = { events, sent: [] as string[], closed: false, atMs: time.nowMs() }
      opened.push(socket)
      return {
        send: (text) => void socket.sent.push(text),
        close: () => {
          socket.closed = true
        },
      }
    },
    onLink: (now) => links.push(now),
    onMessage: (message) => heard.push(message),
  })
  const last = () => opened[opened.length - 1]!
  return { link, opened, links, heard, last, pass: time.pass }
}

const stateText = JSON.stringify({ type: 'state', state: state(phases.available) })
const dismiss: FromScreen = { type: 'dismiss', connectorId: 1 }

test('the first message makes the link live, and it is handed on', () => {
  const { last, links, heard } = bench()
  last().events.onMessage(stateText)
  last().events.onMessage(stateText)
  expect(links).toEqual(['live'])
  expect(heard).toHaveLength(2)
})

test('nothing is sent before the controller was heard', () => {
  const { link, last } = bench()
  expect(link.send(dismiss)).toBe(false)
  last().events.onMessage(stateText)
  expect(link.send(dismiss)).toBe(true)
  expect(last().sent).toEqual([JSON.stringify(dismiss)])
})

test('a closed connection is opened again, each time a little later, at most every four seconds', () => {
  const { opened, last, pass } = bench()
  for (let attempt = 0; attempt < 8; attempt += 1) {
    last().events.onClose()
    pass(4_000)
  }
  const waits = opened.slice(1).map((socket, index) => socket.atMs - (index === 0 ? 0 : index * 4_000))
  expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 4_000, 4_000, 4_000])
})

test('a message resets the wait', () => {
  const { opened, last, pass } = bench()
  last().events.onClose()
  pass(250)
  last().events.onClose()
  pass(500)
  last().events.onMessage(stateText)
  last().events.onClose()
  pass(250)
  expect(opened).toHaveLength(4)
})

test('a controller that has gone quiet is lost, although its socket stands', () => {
  const { opened, last, links, pass } = bench()
  last().events.onMessage(stateText)
  pass(screenSilenceMs - 1)
  expect(links).toEqual(['live'])
  pass(1)
  expect(links).toEqual(['live', 'lost'])
  expect(opened[0]?.closed).toBe(true)
  pass(250)
  expect(opened).toHaveLength(2)
})

test('what an abandoned connection still says is not heard', () => {
  const { opened, last, heard, links, pass } = bench()
  last().events.onMessage(stateText)
  pass(screenSilenceMs + 250)
  opened[0]?.events.onMessage(stateText)
  opened[0]?.events.onClose()
  expect(heard).toHaveLength(1)
  expect(links).toEqual(['live', 'lost'])
})

test('after closing nothing is opened any more', () => {
  const { link, opened, last, pass } = bench()
  last().events.onMessage(stateText)
  link.close()
  pass(60_000)
  expect(opened).toHaveLength(1)
})

test.each(['', 'null', '[]', '{"type":"other"}', '{"type":', 17, undefined])(
  '%j is not a message',
  (data) => {
    expect(parseToScreen(data)).toBeUndefined()
  },
)
