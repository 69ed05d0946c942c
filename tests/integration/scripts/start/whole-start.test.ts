import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { DemoState } from '@/scripts/start/demo-control-types'
import { freePort } from '@/tests/fixtures/free-port'
import { openEmptyDatabase, type EmptyDatabase } from '../../database-fixture'

/** Building what is stale may come first. */
const timeoutMs = 300_000

let dataDirectory: string
/** On the server that `DATABASE_URL` names; without one, each start brings up its own. */
let database: EmptyDatabase | undefined
let ports: number[]
let running: ChildProcess | undefined

beforeAll(async () => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'outpost-start-'))
  ports = await Promise.all([freePort(), freePort(), freePort(), freePort()])
  const named = process.env['DATABASE_URL']
  if (named !== undefined && named !== '') database = await openEmptyDatabase()
})
afterEach(async () => {
  if (running?.exitCode === null) await interrupt(running)
})
afterAll(async () => {
  rmSync(dataDirectory, { recursive: true, force: true })
  await database?.close()
})

function start(...flags: string[]) {
  const [cloud, kiosk, ocpp, demo] = ports.map(String)
  const child = spawn(process.execPath, ['scripts/start.mjs', ...flags], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: database?.url ?? '',
      OUTPOST_VAR: dataDirectory,
      OUTPOST_PORT: cloud,
      OUTPOST_KIOSK_PORT: kiosk,
      OUTPOST_OCPP_PORT: ocpp,
      OUTPOST_DEMO_PORT: demo,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running = child
  let text = ''
  const waiting: (() => void)[] = []
  const take = (chunk: Buffer): void => {
    text += String(chunk)
    for (const look of waiting) look()
  }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  const exitCode = new Promise<number | null>((resolve) => child.once('close', resolve))
  const says = (sentence: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (text.includes(sentence)) resolve()
      }
      waiting.push(look)
      look()
      void exitCode.then(() => reject(new Error(`It ended without “${sentence}”:\n${text}`)))
    })
  return { child, exitCode, says, text: () => text }
}

async function interrupt(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGINT')
  await ended
}

const press = async (act: string, body?: object): Promise<DemoState> => {
  const response = await fetch(`http://127.0.0.1:${ports[3]}${act}`, {
    method: 'POST',
    body: body === undefined ? null : JSON.stringify(body),
  })
  return (await response.json()) as DemoState
}

const answers = async (port: number | undefined): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  )

test(
  'once: a session is charged without a network, shown, and everything ends well',
  async () => {
    const { exitCode, text } = start('--once')
    expect(await exitCode, text()).toBe(0)
    expect(text()).toContain('€9.02 of €10.00 held')
    expect(text()).toContain('imbalance €0.00')
    expect(text()).not.toMatch(/^\s+at /m)
  },
  timeoutMs,
)

test(
  'started, every part answers, obeys the demo’s switches, and is gone after Ctrl-C',
  async () => {
    const { child, exitCode, says, text } = start()
    await says('Ctrl-C stops everything')
    expect(text().indexOf('/demo')).toBeLessThan(text().indexOf('Kiosk screen'))
    expect(await Promise.all([answers(ports[0]), answers(ports[1])])).toEqual([true, true])
    expect(await press('/plug')).toMatchObject({ controller: 'running', vehicle: 'plugged' })
    expect(await press('/uplink', { offline: true })).toMatchObject({ uplink: 'offline' })
    expect(await press('/kill-controller')).toMatchObject({ controller: 'stopped', uplink: 'offline' })
    expect(await answers(ports[1])).toBe(false)
    expect(await press('/restart-controller')).toMatchObject({ controller: 'running', uplink: 'offline' })
    const health: unknown = await (await fetch(`http://127.0.0.1:${ports[1]}/health`)).json()
    expect(health, 'the cable stays pulled').toMatchObject({ status: 'ready', uplinkCut: true })
    const cloud: unknown = await (await fetch(`http://127.0.0.1:${ports[0]}/api/v1/health`)).json()
    expect(cloud, 'the library is found by the app as it is built').toMatchObject({ verifier: 'libsodium' })
    await interrupt(child)
    expect(await exitCode).toBe(0)
    expect(await Promise.all(ports.map(answers))).toEqual([false, false, false, false])
  },
  timeoutMs,
)

test(
  'a busy port is one plain sentence',
  async () => {
    const blocker = createServer()
    await new Promise<void>((resolve) => blocker.listen(ports[2], '127.0.0.1', resolve))
    const { exitCode, text } = start()
    expect(await exitCode).toBe(1)
    expect(text()).toContain(`Port ${ports[2]}, needed for the charger connection (OCPP), is in use`)
    expect(text()).not.toMatch(/^\s+at /m)
    await new Promise((resolve) => blocker.close(resolve))
  },
  timeoutMs,
)
