/**
 * The charger's controller as a process: keys, journal, enrolment, controller, OCPP server, touchscreen. Started by
 * `npm start`, by a service manager in the field, and by tests. Ends with code 0 on SIGTERM and SIGINT, with code 1
 * and one plain sentence when it cannot go on; its supervisor starts it again, and the journal says where it was.
 */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { deviceId } from '@/lib/core/ids'
import { type Result } from '@/lib/core/result'
import { durationMs, epochSeconds } from '@/lib/core/units'
import { verifyWithNode } from '@/lib/crypto/node'
import type { Journal } from '@/lib/journal/journal'
import { openJournal } from '@/lib/journal/open-journal'
import { httpsRoad } from '@/lib/roads/https-road'
import { readKioskConfig, type KioskConfig } from './config'
import { createController, type Controller } from './controller/controller'
import { enrolmentWrites, loadKnowledge, type Knowledge, type Self } from './controller/knowledge'
import { enrol } from './enrolment'
import { openDeviceKeys, type DeviceKeys } from './keys/device-keys'
import { chargePointIdentity } from './ocpp/ids'
import { startCentralSystem } from './ocpp/central-system'
import type { CentralSystem } from './ocpp/port'
import { startHttpServer } from './server/http-server'
import { ChangingHost, controllerHost, unpairedHost } from './server/screen-host'
import type { KioskTable } from './session/records'
import { systemClock, systemRandom, systemTimers } from './system'
import { SwitchedRoad } from './switched-road'

const version = '0.1.0'
/** No clock can be right before the program was written. */
const buildTimeS = epochSeconds(1_793_000_000)
const enrolRetryMs = 3_000

type KioskJournal = Journal<KioskTable>

function log(what: string, facts: Readonly<Record<string, unknown>> = {}): void {
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), what, ...facts })}\n`)
}

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

function orFail<T, E>(result: Result<T, E>, sentence: (error: E) => string): T {
  return result.ok ? result.value : fail(sentence(result.error))
}

async function main(): Promise<void> {
  const config = orFail(readKioskConfig(process.env), (problem) => problem)
  mkdirSync(config.dataFolder, { recursive: true, mode: 0o700 })
  const keys = orFail(
    openDeviceKeys(join(config.dataFolder, 'keys'), config.passphrase),
    (fault) => `The charger's key at ${fault.path} cannot be used: ${fault.kind}.`,
  )
  const journal = orFail(
    openJournal<KioskTable>({
      path: join(config.dataFolder, 'journal.db'),
      encryptionKey: keys.journalKey,
      device: deviceId(config.chargerId),
      random: systemRandom,
    }),
    ({ detail, cause }) =>
      `The charger's journal in ${config.dataFolder} cannot be used (${cause}): ${detail}`,
  )
  const road = new SwitchedRoad(httpsRoad({ origin: config.cloudOrigin, timeoutMs: durationMs(10_000) }))
  const host = new ChangingHost(unpairedHost(config, systemClock.nowS))
  let controller: Controller | undefined
  const http = orFail(
    await startHttpServer(host, {
      port: config.screenPort,
      screenFolder: config.screenFolder,
      embeddingOrigins: demoOrigins(config),
      health: () => ({ status: controller === undefined ? 'unpaired' : 'ready', uplinkCut: road.isCut }),
      ...(config.isDemo
        ? {
            setUplink: (offline: boolean) => {
              road.isCut = offline
              controller?.networkChanged()
            },
          }
        : {}),
    }),
    (problem) => problem,
  )
  log('screen-ready', { port: http.port })
  const closing: (() => Promise<void>)[] = [() => http.close()]
  stopOnSignals(closing, journal)

  const knowledge = await learn(config, keys, journal, road)
  let central: CentralSystem | undefined
  const identity = chargePointIdentity(config.ocppIdentity)
  controller = orFail(
    createController(
      {
        journal,
        signer: keys.signer,
        verify: verifyWithNode,
        clock: systemClock,
        timers: systemTimers,
        random: systemRandom,
        charger: () => central?.charger(identity),
        road,
        log,
        onFatal: ({ detail }) => fail(`The charger's journal failed: ${detail}`),
      },
      {
        connectorIds: config.connectorIds,
        version,
        buildTimeS,
        stepUp: { relyingPartyId: new URL(config.cloudOrigin).hostname, origins: [config.cloudOrigin] },
        supportPhone: config.supportPhone,
        demoPageOrigins: demoOrigins(config),
      },
      knowledge,
    ),
    ({ detail }) => `The charger's journal cannot be read: ${detail}`,
  )
  orFail(await controller.start(), ({ detail }) => `The charger's sessions cannot be resumed: ${detail}`)
  const started = controller
  closing.unshift(() => started.stop())
  host.handOver(controllerHost(controller))
  const password = config.ocppPassword === undefined ? {} : { password: config.ocppPassword }
  central = orFail(
    await startCentralSystem(
      { host: config.ocppHost, port: config.ocppPort, chargers: [{ identity, ...password }] },
      controller.handlers,
      { clock: systemClock, timers: systemTimers },
    ),
    ({ code, detail }) => `Chargers cannot connect on port ${config.ocppPort} (${code}): ${detail}`,
  )
  const ocpp = central
  closing.unshift(() => ocpp.close())
  log('ready', { ocppPort: central.port, screenPort: http.port })
}

const demoOrigins = (config: KioskConfig): readonly string[] => (config.isDemo ? [config.cloudOrigin] : [])

/** What the charger was told before, or what an enrolment brings now; waits for the cloud as long as it takes. */
async function learn(
  config: KioskConfig,
  keys: DeviceKeys,
  journal: KioskJournal,
  road: SwitchedRoad,
): Promise<Knowledge> {
  const self: Self = { chargerId: config.chargerId, key: keys.signer.publicKey }
  const stored = orFail(
    loadKnowledge(journal, self, verifyWithNode),
    ({ detail }) => `The charger's journal cannot be read: ${detail}`,
  )
  if (stored !== undefined) return stored
  if (config.enrolmentCode === undefined) {
    fail('This charger is not enrolled: set OUTPOST_ENROLMENT_CODE to the one-time code of the operator.')
  }
  for (let isFirst = true; ; isFirst = false) {
    const request = { cloudOrigin: config.cloudOrigin, code: config.enrolmentCode, self }
    const enrolled = road.isCut ? undefined : await enrol(request, verifyWithNode)
    if (enrolled?.ok === true) {
      const written = journal.append([], enrolmentWrites(enrolled.value))
      orFail(written, ({ detail }) => `The charger's journal failed: ${detail}`)
      log('enrolled', { chargerId: config.chargerId })
      return enrolled.value
    }
    if (enrolled !== undefined && enrolled.error.code !== 'api.unreachable') {
      fail(`The operator did not enrol this charger (${enrolled.error.code}): ${enrolled.error.detail}`)
    }
    if (isFirst) log('waiting-for-cloud', { cloud: config.cloudOrigin })
    await new Promise((resolve) => setTimeout(resolve, enrolRetryMs))
  }
}

function stopOnSignals(closing: readonly (() => Promise<void>)[], journal: KioskJournal): void {
  let isStopping = false
  const stop = async (): Promise<void> => {
    if (isStopping) return
    isStopping = true
    for (const close of closing) await close()
    journal.close()
    log('stopped')
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop())
  process.on('SIGINT', () => void stop())
}

main().catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)))
