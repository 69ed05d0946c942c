#!/usr/bin/env node
/**
 * Asks the kiosk's Chromium by its debugging port (loopback) whether the touchscreen still draws: the page is there, it
 * answers, it paints frames, and it shows something. Ends with 0 where it does and with 3 where it is blank, crashed or
 * stuck; what restarts it is the unit beside `systemd/`.
 */

import { parseArgs } from 'node:util'
import { WebSocket } from 'ws'

const blank = 3
const answerMs = 8_000
/** Painted within two frames, and with words on it. A browser that is stuck answers neither. */
const question = `new Promise((resolve) =>
  requestAnimationFrame(() =>
    requestAnimationFrame(() => resolve((document.body?.innerText ?? '').trim().length))))`

interface Target {
  readonly type: string
  readonly url: string
  readonly webSocketDebuggerUrl: string
}

async function look(url: string, port: string): Promise<string | undefined> {
  const signal = AbortSignal.timeout(answerMs)
  const listed = (await (await fetch(`http://127.0.0.1:${port}/json/list`, { signal })).json()) as Target[]
  const page = listed.find((target) => target.type === 'page' && target.url.startsWith(url))
  if (page === undefined) return 'the page is not open'
  const letters = await evaluate(page.webSocketDebuggerUrl)
  return letters > 0 ? undefined : 'the page is empty'
}

function evaluate(address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address)
    const timer = setTimeout(() => {
      socket.terminate()
      reject(new Error('the page does not answer'))
    }, answerMs)
    socket.on('error', reject)
    socket.on('open', () =>
      socket.send(
        JSON.stringify({
          id: 1,
          method: 'Runtime.evaluate',
          params: { expression: question, awaitPromise: true, returnByValue: true },
        }),
      ),
    )
    socket.on('message', (data) => {
      const answer = JSON.parse(String(data)) as { result?: { result?: { value?: unknown } } }
      clearTimeout(timer)
      socket.terminate()
      resolve(Number(answer.result?.result?.value ?? 0))
    })
  })
}

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:3100' },
    'debugging-port': { type: 'string', default: '9222' },
  },
})

look(values.url, values['debugging-port'])
  .catch((error: unknown) => (error instanceof Error ? error.message : String(error)))
  .then((fault) => {
    if (fault !== undefined) process.stderr.write(`The touchscreen is to be started afresh: ${fault}.\n`)
    process.exitCode = fault === undefined ? 0 : blank
  })
  .catch(() => (process.exitCode = blank))
