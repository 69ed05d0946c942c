/** The virtual charger as the process that the demo starts, with its loopback control. */

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { connectorId, idTag } from '@/charger-kiosk/ocpp/ids'
import type { ChargerView } from '@/simulator/charger/state-view'
import { openBench, type Bench } from './recording-shell'

const root = fileURLToPath(new URL('../../../', import.meta.url))

let bench: Bench
let child: ChildProcess | undefined
beforeEach(async () => {
  bench = await openBench()
})
afterEach(async () => {
  child?.kill('SIGTERM')
  child = undefined
  await bench.close()
})

function run(...flags: string[]): ChildProcess {
  child = spawn(process.execPath, ['--import', 'tsx', 'simulator/charger/main.ts', ...flags], { cwd: root })
  return child
}

function controlOf(process: ChildProcess): Promise<string> {
  let output = ''
  return new Promise((resolve, reject) => {
    process.on('exit', () => reject(new Error(`no control address in ${output}`)))
    process.stdout?.on('data', (chunk) => {
      output += String(chunk)
      const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? []
      if (address !== undefined) resolve(address)
    })
  })
}

const post = (address: string, body: unknown = {}, headers: Record<string, string> = {}) =>
  fetch(address, { method: 'POST', body: JSON.stringify(body), headers })

test('A hand at the control plugs in, and the process charges over its own socket', async () => {
  const control = await controlOf(run('--url', bench.url, '--control-port', '0', '--speed', '100'))
  await bench.shell.until(() => bench.shell.ofType('status').some(({ status }) => status === 'Available'))
  const plugged = (await (await post(`${control}/plug`)).json()) as ChargerView
  expect(plugged).toMatchObject({ identity: 'CP-1', connectors: [{ isPluggedIn: true, chargePercent: 20 }] })
  await bench.shell.until(() => bench.shell.ofType('status').some(({ status }) => status === 'Preparing'))
  await bench.commands.remoteStart({ connectorId: connectorId(1), idTag: idTag('demo') })
  await bench.shell.until(() => bench.shell.ofType('status').some(({ status }) => status === 'Charging'))
  const state = (await (await fetch(`${control}/state`)).json()) as ChargerView
  expect(state.connectors[0]).toMatchObject({
    status: 'Charging',
    powerW: 50_000,
    transaction: { idTag: 'demo' },
  })
  await post(`${control}/unplug`)
  await bench.shell.until(() => bench.shell.ofType('stop').length === 1)
  await post(`${control}/garbage`)
  await bench.shell.until(() => bench.shell.incidents('malformed-frame').length === 1)
  expect((await post(`${control}/plug`, { connectorId: 'one' })).status).toBe(400)
  expect((await post(`${control}/nowhere`)).status).toBe(404)
})

test('A page from elsewhere cannot reach the control through a browser', async () => {
  const control = await controlOf(run('--url', bench.url, '--control-port', '0'))
  expect((await post(`${control}/plug`, {}, { origin: 'https://example.com' })).status).toBe(403)
  const rebound = request(`${control}/state`, { headers: { host: 'charger.example.com' } }).end()
  const [response] = (await once(rebound, 'response')) as [{ statusCode: number; resume(): void }]
  response.resume()
  expect(response.statusCode).toBe(403)
  const page = await post(`${control}/plug`, {}, { origin: 'http://localhost:3000' })
  expect(page.headers.get('access-control-allow-origin')).toBe('http://localhost:3000')
})

test('A wrong option ends the process with a sentence and the usage', async () => {
  const process = run('--speed', 'fast')
  let message = ''
  process.stderr?.on('data', (chunk) => (message += String(chunk)))
  const [code] = (await once(process, 'exit')) as [number]
  expect(code).toBe(2)
  expect(message).toContain('--speed must be')
  expect(message).toContain('--identity')
})
