/**
 * Runs Outpost on this machine: database, cloud, one kiosk, a virtual charger and the demo's switches, until Ctrl-C.
 * Bundled to dist/scripts/run.mjs and called by start-everything.mjs.
 */

import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runFirstSession } from '../first-session/first-session'
import { sessionLines } from '../first-session/lines'
import { PlainFailure } from '../setup/plain-failure.mjs'
import type { Progress } from '../setup/progress.mjs'
import { announcement } from './announcement'
import { complainAboutBusyPort } from './busy-ports'
import { openDatabaseServer, type ReadyDatabase } from './database'
import { createDemoControl } from './demo-control'
import { DemoWorld } from './demo-world'
import { startGuard, type Guard } from './guard'
import { Interrupted, listenForInterruption, type Interruption } from './interruption'
import { keepPart, type PartKeeper } from './part-keeper'
import {
  chargerPart,
  cloudAddress,
  cloudPart,
  cloudUrl,
  kioskAddress,
  kioskPart,
  type DemoCharger,
  type Place,
} from './parts'
import { startProcessGroup, type ProcessGroup, type ProcessSpec } from './process-group'
import { fieldOf, readJson, untilWorking } from './serving'
import { readSettings } from './settings'
import { createTeardown, type Teardown } from './teardown'

export interface RunOptions {
  /** Show one session in the terminal and end. */
  readonly once: boolean
  readonly progress: Progress
  readonly projectRoot: string
  readonly dataDirectory: string
}

/** Everything that the parts of one run share. */
interface Stage {
  readonly place: Place
  readonly progress: Progress
  readonly guard: Guard
  readonly teardown: Teardown
  readonly interruption: Interruption
  /** Resolves when a part cannot be kept running. */
  readonly broken: Promise<PlainFailure>
  giveUp(failure: PlainFailure): void
}

/** Gives the exit code; rejects with a PlainFailure that the caller prints. */
export async function run({ once, progress, projectRoot, dataDirectory }: RunOptions): Promise<number> {
  const parsed = readSettings(process.env)
  if (!parsed.ok) throw new PlainFailure(parsed.sentence)
  const { settings } = parsed
  const busy = once ? undefined : await complainAboutBusyPort(settings)
  if (busy !== undefined) throw new PlainFailure(busy)
  mkdirSync(join(dataDirectory, 'log'), { recursive: true })
  const stage = openStage({ projectRoot, dataDirectory, settings }, progress)
  try {
    await stage.interruption.during(startParts(stage, once))
    if (once) return 0
    for (const line of announcement(settings)) progress.line(line)
    const ending = await Promise.race([stage.interruption.happened, stage.broken])
    if (ending !== undefined) throw ending
    return 0
  } catch (failure) {
    if (failure instanceof Interrupted) return 0
    throw failure
  } finally {
    await progress.step('Stopping', () => stage.teardown.run())
    stage.guard.dismiss()
  }
}

function openStage(place: Place, progress: Progress): Stage {
  let giveUp: (failure: PlainFailure) => void = () => undefined
  const broken = new Promise<PlainFailure>((resolve) => {
    giveUp = resolve
  })
  return {
    place,
    progress,
    guard: startGuard(join(place.projectRoot, 'scripts/start/guard-process.mjs')),
    teardown: createTeardown(),
    interruption: listenForInterruption(),
    broken,
    giveUp,
  }
}

async function startParts(stage: Stage, once: boolean): Promise<void> {
  const { progress, place, teardown } = stage
  const database = await progress.step('Starting the database', () =>
    openDatabaseServer(place.dataDirectory, process.env),
  )
  teardown.add(() => database.stop())
  await showFirstSession(stage, database, once)
  if (once) return
  const charger = await progress.step('Starting the cloud', () => startCloud(stage, database))
  let controlAddress: string | undefined
  const world = new DemoWorld(
    place.settings,
    () => kiosk,
    () => (vehicle.current === undefined ? undefined : controlAddress),
  )
  const kiosk = keep(stage, kioskPart(place, charger), async (part) => {
    await untilWorking(part, async () => isPaired(await readJson(`${kioskAddress(place.settings)}/health`)))
    await world.applyUplink()
  })
  const vehicle = keep(stage, chargerPart(place, charger), async (part) => {
    controlAddress = await part.firstLine(readControlAddress)
    if (controlAddress === undefined) {
      throw new PlainFailure('The virtual charger ended while it was starting.', part.spec.logFile)
    }
  })
  await progress.step('Starting the kiosk', () => kiosk.start())
  await progress.step('Starting the virtual charger', () => vehicle.start())
  await openSwitches(stage, world)
}

/** The first start proves itself; later ones only when asked to. */
async function showFirstSession(stage: Stage, database: ReadyDatabase, always: boolean): Promise<void> {
  const mark = join(stage.place.dataDirectory, 'first-session-shown')
  if (!always && existsSync(mark)) return
  const figures = await stage.progress.step('Charging once without a network', () =>
    runFirstSession(database.url),
  )
  for (const line of sessionLines(figures)) stage.progress.line(line)
  writeFileSync(mark, `${new Date().toISOString()}\n`)
}

async function startCloud(stage: Stage, database: ReadyDatabase): Promise<DemoCharger> {
  const { place } = stage
  const health = `${cloudAddress(place.settings)}/api/v1/health`
  const cloud = keep(stage, cloudPart(place, database.url), (part) =>
    untilWorking(part, async () => (await readJson(health)) !== undefined, /^The cloud is not ready: /),
  )
  await cloud.start()
  const seed = await readJson(`${cloudAddress(place.settings)}/api/v1/demo/seed`, { method: 'POST' })
  const chargerId = fieldOf(seed, 'chargerId')
  const enrolmentCode = fieldOf(seed, 'enrolmentCode')
  if (typeof chargerId !== 'string' || typeof enrolmentCode !== 'string') {
    throw new PlainFailure('The cloud could not set up the demonstration.', cloud.current?.spec.logFile)
  }
  return { chargerId, enrolmentCode }
}

function keep(stage: Stage, spec: ProcessSpec, untilUp: (part: ProcessGroup) => Promise<void>): PartKeeper {
  const keeper = keepPart(spec.name, {
    launch: async () => {
      const part = startProcessGroup(spec, stage.guard)
      try {
        await untilUp(part)
        return part
      } catch (failure) {
        await part.kill()
        throw failure
      }
    },
    nowMs: () => performance.now(),
    say: (sentence) => stage.progress.line(sentence),
    giveUp: stage.giveUp,
  })
  stage.teardown.add(() => keeper.stop())
  return keeper
}

const isPaired = (health: unknown): boolean => fieldOf(health, 'status') === 'ready'

const readControlAddress = (line: string): string | undefined => /control (http:\/\/\S+)/.exec(line)?.[1]

async function openSwitches(stage: Stage, world: DemoWorld): Promise<void> {
  const { settings } = stage.place
  const server = createDemoControl(world, [cloudUrl(settings)])
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(settings.demoPort, '127.0.0.1', resolve)
  })
  stage.teardown.add(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
}
