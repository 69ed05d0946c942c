/**
 * A whole Outpost of its own for one test file: database, cloud, controller and virtual charger as separate processes
 * on free ports, which the test starts, stops and kills one by one.
 */

import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { operatorId } from '@/lib/core/ids'
import { inTenant, openDatabase, type Database } from '@/lib/cloud/database/connection'
import { proveLedger } from '@/lib/cloud/ledger/queries'
import { openDatabaseServer } from '@/scripts/start/database'
import { startGuard, type Guard } from '@/scripts/start/guard'
import {
  chargerPart,
  cloudAddress,
  cloudPart,
  cloudUrl,
  kioskAddress,
  kioskPart,
  kioskUrl,
  sticksFolder,
  type DemoCharger,
  type Place,
} from '@/scripts/start/parts'
import { startProcessGroup, type ProcessGroup, type ProcessSpec } from '@/scripts/start/process-group'
import { fieldOf, readJson, untilWorking } from '@/scripts/start/serving'
import type { ChargerView } from '@/simulator/charger/state-view'
import { freePort } from '@/tests/fixtures/free-port'
import { FrontDoor } from './front-door'

const projectRoot = resolve('.')
export const tenant = operatorId('outpost')
/** 50 kW at this factor gives about a kilowatt-hour a second, so that a test session has a bill. */
const chargerSpeed = '72'

export class OutpostWorld {
  readonly #place: Place
  readonly #guard: Guard
  readonly #databaseUrl: string
  readonly #stopDatabase: () => Promise<void>
  readonly db: Database
  #charger: DemoCharger = { chargerId: '', enrolmentCode: '' }
  #cloud: ProcessGroup | undefined
  #kiosk: ProcessGroup | undefined
  #vehicle: ProcessGroup | undefined
  #controlUrl = ''

  private constructor(
    place: Place,
    guard: Guard,
    database: { url: string; stop(): Promise<void> },
    /** Where asked for: the cloud stands behind it, at the address that everybody knows. */
    readonly door: FrontDoor | undefined,
  ) {
    this.#place = place
    this.#guard = guard
    this.#databaseUrl = database.url
    this.#stopDatabase = () => database.stop()
    this.db = openDatabase(database.url)
  }

  /** Everything runs when this resolves. */
  static async start({ behindDoor = false } = {}): Promise<OutpostWorld> {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'outpost-world-'))
    mkdirSync(join(dataDirectory, 'log'))
    const [cloudPort, kioskPort, ocppPort, demoPort] = await Promise.all([
      freePort(),
      freePort(),
      freePort(),
      freePort(),
    ])
    const settings = { cloudPort, kioskPort, ocppPort, demoPort }
    const guard = startGuard(join(projectRoot, 'scripts/start/guard-process.mjs'))
    const database = await openDatabaseServer(dataDirectory, {})
    const door = behindDoor ? new FrontDoor(await freePort()) : undefined
    const world = new OutpostWorld({ projectRoot, dataDirectory, settings }, guard, database, door)
    await door?.open(cloudPort)
    await world.startCloud()
    world.#charger = await world.#seed()
    await world.startKiosk()
    await world.#startVehicle()
    return world
  }

  get cloudUrl(): string {
    return cloudUrl(this.#place.settings)
  }

  /** A new stick in the charger's socket: the folder on it. */
  plugInStick(name: string): string {
    const folder = join(sticksFolder(this.#place.dataDirectory), name, 'outpost')
    mkdirSync(folder, { recursive: true })
    return folder
  }

  get kioskUrl(): string {
    return `${kioskUrl(this.#place.settings)}/?lang=en`
  }

  async startCloud(): Promise<void> {
    this.#cloud = this.#launch(this.#cloudPart())
    await untilWorking(
      this.#cloud,
      async () => (await readJson(`${cloudAddress(this.#place.settings)}/api/v1/health`)) !== undefined,
    )
  }

  #cloudPart(): ProcessSpec {
    const part = cloudPart(this.#place, this.#databaseUrl)
    if (this.door === undefined) return part
    const args = part.args.map((arg) => (arg.startsWith('--port=') ? `--port=${this.door?.appPort}` : arg))
    return { ...part, args }
  }

  async stopCloud(): Promise<void> {
    await this.#cloud?.stop()
  }

  async startKiosk(): Promise<void> {
    this.#kiosk = this.#launch(kioskPart(this.#place, this.#charger))
    await untilWorking(this.#kiosk, async () => {
      const health = await readJson(`${kioskAddress(this.#place.settings)}/health`)
      return health !== undefined && fieldOf(health, 'status') !== 'unpaired'
    })
  }

  /** `npm run issue`, as the operator at the server's terminal. */
  async issue<T>(...args: readonly string[]): Promise<T> {
    const { env } = cloudPart(this.#place, this.#databaseUrl)
    const script = join(projectRoot, 'scripts/issue.mjs')
    const options = { cwd: projectRoot, env: { ...process.env, ...env } }
    const { stdout } = await promisify(execFile)(process.execPath, [script, ...args, '--json'], options)
    return JSON.parse(stdout) as T
  }

  /** As a power cut would: SIGKILL, in the middle of whatever it does. */
  async killKiosk(): Promise<void> {
    await this.#kiosk?.kill()
  }

  async stopKiosk(): Promise<void> {
    await this.#kiosk?.stop()
  }

  async stopVehicle(): Promise<void> {
    await this.#vehicle?.stop()
  }

  /** Holds a card to the charger's own reader. */
  holdCard = (idTag: string): Promise<ChargerView> => this.#control('/card', { idTag })

  /** A vehicle that draws little leaves time for people with cameras before its hold is used up. */
  plug = (maxPowerW = 50_000): Promise<ChargerView> => this.#control('/plug', { maxPowerW })
  unplug = (): Promise<ChargerView> => this.#control('/unplug')
  charger = async (): Promise<ChargerView> => (await readJson(`${this.#controlUrl}/state`)) as ChargerView

  /** Without sign, over all currencies and accounts: zero in sound books. */
  async ledgerImbalanceMinor(): Promise<number> {
    const proof = await inTenant(this.db, tenant, (tx) => proveLedger(tx, tenant))
    return proof.imbalanceMinor
  }

  async close(): Promise<void> {
    await this.db.destroy()
    for (const part of [this.#vehicle, this.#kiosk, this.#cloud]) await part?.stop()
    await this.door?.shut()
    await this.#stopDatabase()
    this.#guard.dismiss()
    rmSync(this.#place.dataDirectory, { recursive: true, force: true })
  }

  #launch(spec: ProcessSpec): ProcessGroup {
    return startProcessGroup(spec, this.#guard)
  }

  async #seed(): Promise<DemoCharger> {
    const seed = await readJson(`${cloudAddress(this.#place.settings)}/api/v1/demo/seed`, { method: 'POST' })
    const [chargerId, enrolmentCode] = [fieldOf(seed, 'chargerId'), fieldOf(seed, 'enrolmentCode')]
    if (typeof chargerId !== 'string' || typeof enrolmentCode !== 'string') throw new Error('No demo seed')
    return { chargerId, enrolmentCode }
  }

  async #startVehicle(): Promise<void> {
    const part = chargerPart(this.#place, this.#charger)
    this.#vehicle = this.#launch({ ...part, env: { ...part.env, CHARGER_SPEED: chargerSpeed } })
    const url = await this.#vehicle.firstLine((line) => /control (http:\S+)/.exec(line)?.[1])
    if (url === undefined) throw new Error('The virtual charger gave no control address')
    this.#controlUrl = url
  }

  async #control(act: string, facts: Readonly<Record<string, number | string>> = {}): Promise<ChargerView> {
    const view = await readJson(`${this.#controlUrl}${act}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(facts),
    })
    if (view === undefined) throw new Error(`The virtual charger did not take ${act}`)
    return view as ChargerView
  }
}
