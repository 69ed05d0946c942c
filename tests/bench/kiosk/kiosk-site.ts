/** A controller as a process of its own, with any number of OCPP chargers to serve, and the operator's cloud it reports to. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expectOk } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import { envelopeFromText } from '@/lib/protocol/envelope'
import { parseMessage } from '@/lib/protocol/message'
import { offer } from '@/lib/protocol/messages/offer'
import { inProject } from '@/scripts/setup/root.mjs'
import { IssuerServer } from '@/tests/fixtures/issuer-server'
import { TestWallet } from '@/tests/fixtures/kiosk-world'
import { freePort } from '@/tests/fixtures/free-port'
import { run, until, type Running } from '@/tests/integration/kiosk/kiosk-process'

export interface KioskSite {
  readonly cloud: IssuerServer
  readonly screenPort: number
  readonly ocppPort: number
  readonly dataFolder: string
  /** Starts the controller, again after it was killed; resolves when it serves its chargers. */
  start(): Promise<Running>
  close(): Promise<void>
}

/** Bay n belongs to the first EVSE or connector of the n-th charger. */
export async function openKioskSite(
  identities: readonly string[],
  meterIntervalS: number,
): Promise<KioskSite> {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-bench-'))
  const cloud = await new IssuerServer().listen()
  const [screenPort, ocppPort] = [await freePort(), await freePort()]
  const path = join(folder, 'outpost-kiosk.json')
  const chargers = identities.map((identity, index) => ({
    identity,
    bays: [{ bay: index + 1, connectorId: 1 }],
  }))
  writeFileSync(
    path,
    JSON.stringify({
      charger: { id: 'KIN-01' },
      dataFolder: join(folder, 'data'),
      cloud: { url: cloud.origin },
      screen: { port: screenPort, folder: inProject('dist/kiosk-screen') },
      ocpp: { port: ocppPort, meterIntervalS, chargers },
    }),
  )
  let latest: Running | undefined
  return {
    cloud,
    screenPort,
    ocppPort,
    dataFolder: join(folder, 'data'),
    async start() {
      const env = { OUTPOST_KIOSK_CONFIG: path, OUTPOST_ENROLMENT_CODE: 'CODE-1' }
      const kiosk = await run('charger-kiosk/main.ts', [], env, fieldFlags())
      latest = kiosk
      await until(() => kiosk.output().includes('"what":"ready"'), `a ready kiosk in ${kiosk.output()}`)
      return kiosk
    },
    async close() {
      latest?.child.kill('SIGKILL')
      await latest?.ended
      await cloud.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What is measured runs as systemd runs it. */
function fieldFlags(): readonly string[] {
  const unit = readFileSync(inProject('charger-kiosk/systemd/outpost-kiosk.service'), 'utf8')
  const started = /^ExecStart=\S+((?: --\S+)*) /m.exec(unit)?.[1]
  if (started === undefined) throw new Error('The unit says not how the controller is started')
  return started.trim().split(' ')
}

/** What a phone would hold up for this offer: an authorization under a grant of its own. */
export async function authorizationFor(
  offerCode: string,
  driver: string,
  holdMinor: number,
): Promise<string> {
  const [bytes = new Uint8Array()] = expectOk(envelopeFromText(offerCode), 'a code').parts
  const offered = expectOk(parseMessage(offer, bytes), 'an offer')
  const now = epochSeconds(Math.floor(Date.now() / 1_000))
  const validity = { notBeforeS: epochSeconds(now - 86_400 * 3), notAfterS: epochSeconds(now + 86_400) }
  return (await (await TestWallet.create(driver, validity)).authorize(offered, holdMinor)).text
}

/** Resident memory in MB, from the process table of Linux; NaN where there is none. */
export function residentMb(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid ?? 0}/status`, 'utf8')
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) / 1_024
  } catch {
    return Number.NaN
  }
}
