/** Technician mode in the real process: in by a signed pass, a laptop let in over TLS, and everything in the charger's log. */

import { writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { epochSeconds } from '@/lib/core/units'
import { envelopeToText } from '@/lib/protocol/envelope'
import type { TechnicianState } from '@/charger-kiosk/screen-protocol-technician'
import { freePort } from '@/tests/fixtures/free-port'
import { IssuerServer } from '@/tests/fixtures/issuer-server'
import { answerChallenge, issuePass } from '@/tests/fixtures/technician-world'
import { Panel, run, temporaryFolder, until, type Running } from './kiosk-process'

let folder: ReturnType<typeof temporaryFolder>
let cloud: IssuerServer
let kiosk: Running
let panel: Panel
let lanPort: number
let ocppPort: number

beforeEach(async () => {
  folder = temporaryFolder()
  cloud = await new IssuerServer().listen()
  lanPort = await freePort()
  ocppPort = await freePort()
  const port = await freePort()
  const file = join(folder.path, 'outpost-kiosk.json')
  writeFileSync(file, JSON.stringify({ technician: { lan: { host: '127.0.0.1', port: lanPort } } }))
  kiosk = await run('charger-kiosk/main.ts', [], {
    OUTPOST_KIOSK_CONFIG: file,
    OUTPOST_KIOSK_DATA: folder.path,
    OUTPOST_KIOSK_PORT: String(port),
    OUTPOST_OCPP_PORT: String(ocppPort),
    OUTPOST_CHARGER_ID: 'KIN-01',
    OUTPOST_ENROLMENT_CODE: 'CODE-1',
    OUTPOST_CLOUD_URL: cloud.origin,
  })
  await until(() => kiosk.output().includes('"what":"ready"'), `ready in ${kiosk.output()}`)
  panel = await Panel.open(port)
})
afterEach(async () => {
  panel.close()
  kiosk.child.kill('SIGKILL')
  await cloud.close()
  folder.remove()
})

type Kind = TechnicianState['kind']
const technician = <K extends Kind>(
  kind: K,
  test: (state: Extract<TechnicianState, { kind: K }>) => boolean = () => true,
) =>
  until(() => {
    const state = panel.state?.technician
    return state?.kind === kind && test(state as never)
      ? (state as Extract<TechnicianState, { kind: K }>)
      : undefined
  }, `technician mode ${kind}`)

async function comeIn(): Promise<void> {
  panel.say({ type: 'technician', act: { kind: 'ask' } })
  const { code } = await technician('asking')
  const nowS = Math.floor(Date.now() / 1_000)
  const times = { notBeforeS: epochSeconds(nowS - 60), notAfterS: epochSeconds(nowS + 3_600) }
  const parts = await answerChallenge(code, await issuePass(times))
  panel.say({ type: 'scanned', connectorId: 1, text: envelopeToText({ kind: 'technician-entry', parts }) })
  await technician('open')
}

interface Answer {
  readonly status: number
  readonly body: string
  readonly cookie: string | undefined
}

const ask = (path: string, post?: { body: unknown; origin?: string }, cookie?: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port: lanPort,
        path,
        method: post === undefined ? 'GET' : 'POST',
        rejectUnauthorized: false,
        headers: {
          ...(post === undefined
            ? {}
            : {
                'content-type': 'application/json',
                origin: post.origin ?? `https://127.0.0.1:${lanPort}`,
              }),
          ...(cookie === undefined ? {} : { cookie }),
        },
      },
      (response) => {
        let body = ''
        response.on('data', (chunk) => (body += String(chunk)))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body, cookie: response.headers['set-cookie']?.[0] }),
        )
      },
    )
    asked.on('error', reject)
    asked.end(post === undefined ? undefined : JSON.stringify(post.body))
  })

test('a laptop comes in once by the shown password, and is out when the door is shut', async () => {
  // Nothing listens before somebody at the touchscreen wants it.
  await expect(ask('/technician/api/state')).rejects.toThrow()
  await comeIn()
  panel.say({ type: 'technician', act: { kind: 'open-lan' } })
  const { lan } = await technician('open', (state) => state.lan !== null)
  expect(lan).toMatchObject({ addresses: [`https://127.0.0.1:${lanPort}/technician`], isUsed: false })
  expect(lan?.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)
  const password = lan?.password ?? ''

  expect((await ask('/technician/api/state')).status).toBe(401)
  expect((await ask('/technician/api/enter', { body: { password: 'AAAA-AAAA' } })).status).toBe(403)
  const foreign = { body: { password }, origin: 'https://elsewhere.example' }
  expect((await ask('/technician/api/enter', foreign)).status).toBe(403)
  const entered = await ask('/technician/api/enter', { body: { password } })
  expect(entered.status).toBe(200)
  expect(entered.cookie).toMatch(/; HttpOnly; SameSite=Strict; Secure$/)
  const cookie = entered.cookie?.split(';')[0]
  // Whoever comes later with the same password stays out, and does not throw out who is in.
  expect((await ask('/technician/api/enter', { body: { password } })).status).toBe(403)
  expect((await ask('/technician/api/state', undefined, cookie)).status).toBe(200)
  panel.say({ type: 'technician', act: { kind: 'close-lan' } })
  await technician('open', (state) => state.lan === null)
  await expect(ask('/technician/api/state', undefined, cookie)).rejects.toThrow()
})

test('a laptop acts under the pass, and every act is in the log that the cloud gets', async () => {
  await comeIn()
  panel.say({ type: 'technician', act: { kind: 'open-lan' } })
  const { lan } = await technician('open', (state) => state.lan !== null)
  const entered = await ask('/technician/api/enter', { body: { password: lan?.password } })
  const cookie = entered.cookie?.split(';')[0]
  expect(entered.body).not.toContain(lan?.password)
  const made = await ask('/technician/api/act', { body: { kind: 'bundle' } }, cookie)
  expect(made.status).toBe(200)
  expect((await ask('/technician/api/act', { body: { kind: 'open-lan' } }, cookie)).status).toBe(409)
  expect((await ask('/technician/api/bundle')).status).toBe(401)
  const bundle = JSON.parse((await ask('/technician/api/bundle', undefined, cookie)).body) as object
  expect(bundle).toMatchObject({ format: 'outpost-diagnostics/1', chargerId: 'KIN-01' })
  panel.say({ type: 'technician', act: { kind: 'leave' } })
  await technician('closed')
  await expect(ask('/technician/api/state', undefined, cookie)).rejects.toThrow()
  const acts = () => cloud.events.flatMap((event) => (event.kind === 'technician-acted' ? [event.act] : []))
  await until(() => acts().includes('leave'), 'the end in the cloud')
  expect(acts()).toEqual(['open-lan', 'bundle', 'leave'])
  expect(cloud.events.map(({ kind }) => kind)).toContain('technician-entered')
})

test('a free bay is read and tested at a charger that speaks OCPP 2.0.1', async () => {
  const url = `ws://127.0.0.1:${ocppPort}/ocpp`
  const flags = ['--url', url, '--identity', 'KIN-01', '--ocpp', '2.0.1', '--meter-start-wh', '4200']
  const charger = await run('simulator/charger/main.ts', flags, {})
  try {
    await comeIn()
    await technician('open', ({ bays }) => bays[0]?.status === 'Available')
    panel.say({ type: 'technician', act: { kind: 'read-meter', connectorId: 1 } })
    const read = await technician('open', ({ notice }) => notice?.outcome === 'done')
    expect(read.bays[0]?.reading).toMatchObject({ registerWh: 4_200 })
    panel.say({ type: 'technician', act: { kind: 'test', connectorId: 1 } })
    const tested = await technician(
      'open',
      ({ notice }) => notice?.act === 'test' && notice.outcome === 'done',
    )
    expect(tested.bays[0]?.test?.map(({ step, verdict }) => `${step} ${verdict}`)).toEqual([
      'closes good',
      'still good',
      'lock good',
      'opens good',
    ])
  } finally {
    charger.child.kill('SIGKILL')
  }
})
