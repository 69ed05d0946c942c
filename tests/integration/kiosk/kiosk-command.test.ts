/** `outpost-kiosk` as people type it: real processes, real files, a real cloud on loopback. */

import { chmodSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { fromHex } from '@/lib/core/bytes'
import { decodeUptime, emptyUptime, uptimeOf } from '@/lib/telemetry/uptime'
import { IssuerServer } from '@/tests/fixtures/issuer-server'
import { freePort } from '@/tests/fixtures/free-port'
import { run, temporaryFolder, until, type Running } from './kiosk-process'

let folder: ReturnType<typeof temporaryFolder>
let cloud: IssuerServer
const processes: Running[] = []

beforeEach(async () => {
  folder = temporaryFolder()
  cloud = await new IssuerServer().listen()
})
afterEach(async () => {
  for (const { child } of processes.splice(0)) child.kill('SIGKILL')
  await cloud.close()
  folder.remove()
})

const configPath = () => join(folder.path, 'outpost-kiosk.json')

async function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Running> {
  const command = await run('charger-kiosk/cli/main.ts', [...args, `--config=${configPath()}`], env)
  processes.push(command)
  return command
}

async function ask(...args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const command = await start(args)
  const { code } = await command.ended
  return { code, output: command.output() }
}

const initialise = async () =>
  await ask(
    'init',
    '--charger=KIN-01',
    `--cloud=${cloud.origin}`,
    '--identity=WALLBOX-7',
    '--bays=2',
    `--data=${join(folder.path, 'data')}`,
    '--support-phone=+44 1632 960 123',
  )

/** Ports of this run, so that tests never meet. */
async function usePorts(): Promise<{ screen: number; ocpp: number }> {
  const ports = { screen: await freePort(), ocpp: await freePort() }
  const file = JSON.parse(readFileSync(configPath(), 'utf8')) as Record<string, object>
  const changed = {
    ...file,
    screen: { ...file['screen'], port: ports.screen },
    ocpp: { ...file['ocpp'], port: ports.ocpp },
    logs: { folder: 'logs' },
  }
  writeFileSync(configPath(), JSON.stringify(changed))
  return ports
}

interface Report {
  readonly healthy: boolean
  readonly findings: readonly { check: string; state: string; found: string; advice?: string }[]
}
const doctor = async (): Promise<Report & { code: number | null }> => {
  const { code, output } = await ask('doctor', '--json')
  return { code, ...(JSON.parse(output) as Report) }
}
const stateOf = ({ findings }: Report, check: string) => findings.find((one) => one.check === check)?.state

test('init, doctor, enrol, run: from an empty folder to a charger that sells, and can be measured', async () => {
  const made = await initialise()
  expect(made.code).toBe(0)
  expect(made.output).toContain('ws://127.0.0.1:9220/ocpp/WALLBOX-7')
  const password = /its password (\S+)/.exec(made.output)?.[1]
  expect(readFileSync(configPath(), 'utf8')).not.toContain(password)
  expect(statSync(join(folder.path, 'data')).mode & 0o777).toBe(0o700)
  const ports = await usePorts()

  const before = await doctor()
  expect([before.code, stateOf(before, 'keys'), stateOf(before, 'cloud')]).toEqual([1, 'ok', 'ok'])

  expect((await ask('enrol', 'CODE-2')).output).toContain('Ask the operator for another code.')
  // What a QR code on the operator's page says.
  const enrolled = await ask('enrol', 'https://charge.example.org/enrol?code=CODE-1')
  expect(enrolled).toMatchObject({ code: 0 })
  expect(stateOf(await doctor(), 'certificate')).toBe('ok')
  expect((await ask('enrol', 'CODE-1')).output).toContain('is enrolled already')

  const said = join(folder.path, 'said')
  writeFileSync(join(folder.path, 'systemd-notify'), `#!/bin/sh\necho "$2" >> ${said}\n`, { mode: 0o755 })
  const running = await start(['run'], {
    PATH: `${folder.path}:${process.env['PATH'] ?? ''}`,
    NOTIFY_SOCKET: join(folder.path, 'notify'),
    WATCHDOG_USEC: '600000',
  })
  await until(() => running.output().includes('"what":"ready"'), `ready in ${running.output()}`)
  await until(() => existsSync(said) && readFileSync(said, 'utf8').includes('WATCHDOG=1'), 'a sign of life')
  expect(readFileSync(said, 'utf8')).toContain('READY=1')
  const health: unknown = await (await fetch(`http://127.0.0.1:${ports.screen}/health`)).json()
  expect(health).toMatchObject({ status: 'ready', selfTest: 'passed', keys: 'ok' })
  const knock = async (secret: string) => {
    const socket = new WebSocket(`ws://127.0.0.1:${ports.ocpp}/ocpp/WALLBOX-7`, ['ocpp1.6'], {
      auth: `WALLBOX-7:${secret}`,
    })
    return await new Promise<string>((resolve) => {
      socket.on('error', () => undefined)
      socket.on('open', () => resolve('open'))
      socket.on('unexpected-response', (_request, response) => resolve(String(response.statusCode)))
    }).finally(() => socket.terminate())
  }
  expect(await knock('wrong')).toBe('401')
  expect(await knock(password ?? '')).toBe('open')
  const metrics = await (await fetch(`http://127.0.0.1:${ports.screen}/metrics`)).text()
  expect(metrics).toMatch(/^outpost_incidents_total\{kind="wrong-password"\} 1$/m)
  expect(metrics).toMatch(/^outpost_journal_events [1-9]/m)
  expect(metrics).toMatch(/^outpost_bay_seconds\{bay="1",standing="up"\} 0$/m)
  expect(metrics).toMatch(/^outpost_ocpp_connected\{identity="WALLBOX-7"\} [01]$/m)
  expect(readFileSync(join(folder.path, 'logs', 'outpost-kiosk.log'), 'utf8')).toContain('"what":"ready"')

  // A second process at the journal would make the first one stop; doctor asks it instead.
  expect((await ask('enrol', 'CODE-1')).output).toContain('The controller runs')
  expect(stateOf(await doctor(), 'journal')).toBe('ok')
  running.child.kill('SIGTERM')
  expect((await running.ended).code).toBe(0)
  // Its OCPP charger was there for a moment and said nothing: that is no uptime, and no fault of the charger either.
  const book = decodeUptime(fromHex(readFileSync(join(folder.path, 'data', 'uptime.hex'), 'utf8')))
  const seconds = uptimeOf(book ?? emptyUptime, 1)
  expect(seconds).toMatchObject({ up: 0, faulted: 0, dark: 0 })
  expect(seconds.silent).toBeGreaterThan(0)
})

test('a damaged journal is left as it is, with words; doctor says what to do, and does it when told', async () => {
  await initialise()
  await usePorts()
  await ask('enrol', 'CODE-1')
  const journal = join(folder.path, 'data', 'journal.db')
  const size = statSync(journal).size
  truncateSync(journal, Math.floor(size / 2))
  const running = await start(['run'])
  expect((await running.ended).code).toBe(1)
  expect(running.output()).toContain('It is left as it is. See `outpost-kiosk doctor`')
  expect(statSync(journal).size).toBe(Math.floor(size / 2))
  const report = await doctor()
  expect(report.findings.find(({ check }) => check === 'journal')).toMatchObject({ state: 'fail' })
  expect((await ask('doctor', '--put-journal-aside')).code).toBe(0)
  expect((await ask('enrol', 'CODE-1')).code).toBe(0)
})

test('keys are shown, followed by a next generation, and sealed under another passphrase', async () => {
  await initialise()
  await usePorts()
  await ask('enrol', 'CODE-1')
  expect((await ask('keys', 'next')).output).toContain('Generation 2')
  const shown = await ask('keys', 'show')
  expect(shown.output.match(/[0-9a-f]{64}/g)).toHaveLength(2)
  const request = JSON.parse((await ask('keys', 'request')).output) as Record<string, string>
  expect(Object.keys(request)).toEqual(['renewal', 'proof'])
  const passphrase = join(folder.path, 'passphrase')
  writeFileSync(passphrase, 'correct horse battery staple\n', { mode: 0o600 })
  expect((await ask('keys', 'passphrase', `--new-passphrase-file=${passphrase}`)).code).toBe(0)
  expect((await ask('keys', 'show')).output).toBe(shown.output)
  chmodSync(passphrase, 0o644)
  expect((await ask('keys', 'show')).output).toContain('mode 600')
})

test('an OCPP charger gets a one-time password and comes by TLS', async () => {
  await initialise()
  const ports = await usePorts()
  await ask('enrol', 'CODE-1')
  expect((await ask('chargers', 'certificate')).code).toBe(0)
  const file = JSON.parse(readFileSync(configPath(), 'utf8')) as Record<string, object>
  writeFileSync(configPath(), JSON.stringify({ ...file, ocpp: { ...file['ocpp'], tls: {} } }))
  const password = (await ask('chargers', 'password', 'WALLBOX-7')).output.trim().split('\n').at(-1) ?? ''
  const running = await start(['run'])
  await until(() => running.output().includes('"what":"ready"'), `ready in ${running.output()}`)
  const ca = readFileSync(join(folder.path, 'data', 'tls', 'certificate.pem'))
  const socket = new WebSocket(`wss://127.0.0.1:${ports.ocpp}/ocpp/WALLBOX-7`, ['ocpp2.0.1'], {
    auth: `WALLBOX-7:${password}`,
    ca,
  })
  const opened = new Promise<string>((resolve) => {
    socket.on('open', () => resolve('open'))
    socket.on('error', (error) => resolve(error.message))
  })
  expect(await opened).toBe('open')
  socket.terminate()
})

test('what was asked wrongly ends with 2 and a sentence, never with a stack', async () => {
  for (const [args, sentence] of [
    [['dance'], 'There is no command “dance”.'],
    [['run', '--fast'], "Unknown option '--fast'"],
    [['enrol'], 'The one-time code is missing'],
    [['keys', 'eat'], 'keys what?'],
    [['init', '--charger=no spaces', '--cloud=x', '--support-phone=1'], 'charger.id must be 1 to 20 letters'],
  ] as const) {
    const { code, output } = await ask(...args)
    expect([code, output]).toEqual([2, expect.stringContaining(sentence)])
    expect(output).not.toContain('    at ')
  }
})
