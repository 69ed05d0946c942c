/**
 * The charger's controller as a process: keys, journal, touchscreen, enrolment, controller, OCPP server, in this order.
 * Started by `npm start`, by a service manager in the field, and by tests. Ends with code 0 on SIGTERM and SIGINT, with
 * code 1 and one plain sentence when it cannot go on; its supervisor starts it again, and the journal says where it was.
 */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { deviceId } from '@/lib/core/ids'
import type { Result } from '@/lib/core/result'
import { durationMs, epochSeconds } from '@/lib/core/units'
import { verifyWithNode } from '@/lib/crypto/node'
import { nodeMeterCrypto } from '@/lib/crypto/node-meter'
import type { Journal } from '@/lib/journal/journal'
import { openJournal } from '@/lib/journal/open-journal'
import { httpsRoad } from '@/lib/roads/https-road'
import { readKioskConfig, type KioskConfig } from './config'
import { createController, type Controller } from './controller/controller'
import { loadKnowledge, type Knowledge, type Self } from './controller/knowledge'
import { enrol } from './enrolment'
import { askForCertificate } from './key-renewal'
import { openDeviceKeys, type DeviceKeys } from './keys/device-keys'
import { startCentralSystem } from './ocpp/central-system'
import type { CentralSystem } from './ocpp/port'
import { startHttpServer, type KioskHttpServer } from './server/http-server'
import { ChangingHost, controllerHost, unpairedHost } from './server/screen-host'
import type { KioskTable } from './session/records'
import { SwitchedRoad } from './switched-road'
import { systemClock, systemRandom, systemTimers } from './system'

const version = '0.1.0'
/** No clock can be right before the program was written. */
const buildTimeS = epochSeconds(1_793_000_000)
const enrolRetryMs = 3_000
/** The cloud certifies a few keys a day; asking more often would only be turned away. */
const renewRetryMs = 60_000

/** What is opened once and shared by the steps of the start. */
interface Kiosk {
  readonly config: KioskConfig
  readonly keys: DeviceKeys
  readonly journal: Journal<KioskTable>
  readonly road: SwitchedRoad
  readonly host: ChangingHost
  controller: Controller | undefined
  central: CentralSystem | undefined
}

async function main(): Promise<void> {
  const kiosk = openKiosk()
  const http = await serveScreen(kiosk)
  stopOnSignals(kiosk, http)
  log('screen-ready', { port: http.port })
  await startController(kiosk, await learn(kiosk))
  const ocppPort = await serveChargers(kiosk)
  log('ready', { ocppPort, screenPort: http.port })
  await renewKey(kiosk)
}

function openKiosk(): Kiosk {
  const config = orFail(readKioskConfig(process.env), (problems) => problems.join('\n'))
  mkdirSync(config.dataFolder, { recursive: true, mode: 0o700 })
  const keys = orFail(
    openDeviceKeys(join(config.dataFolder, 'keys'), config.passphrase, config.keyGeneration),
    ({ sentence }) => sentence,
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
  return {
    config,
    keys,
    journal,
    road: new SwitchedRoad(httpsRoad({ origin: config.cloudOrigin, timeoutMs: durationMs(10_000) })),
    host: new ChangingHost(unpairedHost(config, systemClock.nowS)),
    controller: undefined,
    central: undefined,
  }
}

/** The screen comes first: whatever takes long, or never works, people can read why. */
async function serveScreen(kiosk: Kiosk): Promise<KioskHttpServer> {
  const { config, road, host } = kiosk
  const started = await startHttpServer(host, {
    port: config.screenPort,
    screenFolder: config.screenFolder,
    embeddingOrigins: config.demoPageOrigins,
    health: () => ({ status: kiosk.controller === undefined ? 'unpaired' : 'ready', uplinkCut: road.isCut }),
    ...(config.isDemo
      ? {
          setUplink: (offline: boolean) => {
            road.isCut = offline
            kiosk.controller?.networkChanged()
          },
        }
      : {}),
  })
  return orFail(started, (problem) => problem)
}

async function startController(kiosk: Kiosk, knowledge: Knowledge): Promise<void> {
  const { config, keys, journal, road, host } = kiosk
  const controller = orFail(
    createController(
      {
        journal,
        signer: keys.signer,
        otherSigners: keys.nextSigners,
        verify: verifyWithNode,
        meterCrypto: nodeMeterCrypto,
        clock: systemClock,
        timers: systemTimers,
        random: systemRandom,
        charger: () => kiosk.central?.charger(config.ocppIdentity),
        road,
        log,
        onFatal: ({ detail }) => fail(`The charger's journal failed: ${detail}`),
      },
      {
        connectorIds: config.connectorIds,
        version,
        buildTimeS,
        stepUp: config.stepUp,
        supportPhone: config.supportPhone,
        demoPageOrigins: config.demoPageOrigins,
      },
      knowledge,
    ),
    ({ detail }) => `The charger's journal cannot be read: ${detail}`,
  )
  orFail(await controller.start(), ({ detail }) => `The charger's sessions cannot be resumed: ${detail}`)
  kiosk.controller = controller
  host.handOver(controllerHost(controller))
}

async function serveChargers(kiosk: Kiosk): Promise<number> {
  const { config, controller } = kiosk
  if (controller === undefined) return fail('The OCPP server was started before its controller.')
  const { ocppIdentity: identity, ocppPassword } = config
  const password = ocppPassword === undefined ? {} : { password: ocppPassword }
  kiosk.central = orFail(
    await startCentralSystem(
      {
        host: config.ocppHost,
        port: config.ocppPort,
        chargers: [{ identity, ...password }],
        meterIntervalS: config.meterIntervalS,
      },
      controller.handlers,
      { clock: systemClock, timers: systemTimers },
    ),
    ({ code, detail }) =>
      `Chargers cannot connect at ${config.ocppHost}:${config.ocppPort} (${code}): ${detail}`,
  )
  return kiosk.central.port
}

/** What the charger was told before, or what an enrolment brings now; waits for the cloud as long as it takes. */
async function learn({ config, keys, journal, road }: Kiosk): Promise<Knowledge> {
  const otherKeys = keys.nextSigners.map(({ publicKey }) => publicKey)
  const self: Self = { chargerId: config.chargerId, key: keys.signer.publicKey, otherKeys }
  const stored = orFail(
    loadKnowledge(journal, self, verifyWithNode),
    ({ detail }) => `The charger's journal cannot be read: ${detail}`,
  )
  if (stored !== undefined) return stored
  if (config.enrolmentCode === undefined) {
    return fail(
      'This charger is not enrolled: set OUTPOST_ENROLMENT_CODE to the one-time code of the operator.',
    )
  }
  for (let isFirst = true; ; isFirst = false) {
    const request = {
      cloudOrigin: config.cloudOrigin,
      code: config.enrolmentCode,
      self,
      root: config.root,
      nowS: systemClock.nowS(),
    }
    const enrolled = road.isCut ? undefined : await enrol(request, verifyWithNode)
    if (enrolled?.ok === true) {
      orFail(
        journal.append([], enrolled.value.writes),
        ({ detail }) => `The charger's journal failed: ${detail}`,
      )
      log('enrolled', { chargerId: config.chargerId })
      return enrolled.value.knowledge
    }
    if (enrolled !== undefined && !enrolled.error.mayPass) {
      return fail(
        `The operator did not enrol this charger (${enrolled.error.code}): ${enrolled.error.detail}.`,
      )
    }
    if (isFirst) log('waiting-for-cloud', { cloud: config.cloudOrigin, detail: enrolled?.error.detail })
    await new Promise((resolve) => setTimeout(resolve, enrolRetryMs))
  }
}

/** Has the wanted generation of the key certified, however long the cloud takes; until then the old one goes on. */
async function renewKey({ config, keys, road, controller }: Kiosk): Promise<void> {
  const next = keys.nextSigners.at(-1)
  if (next === undefined || controller === undefined) return
  const all = [keys.signer, ...keys.nextSigners]
  for (let isFirst = true; controller.certificate().key !== next.publicKey; isFirst = false) {
    if (!isFirst) await new Promise((resolve) => setTimeout(resolve, renewRetryMs))
    if (road.isCut) continue
    const { key, operator, chargerId } = controller.certificate()
    const present = all.find(({ publicKey }) => publicKey === key) ?? keys.signer
    const { cloudOrigin } = config
    const timeS = systemClock.nowS()
    const asked = await askForCertificate({ cloudOrigin, operator, chargerId, present, next, timeS })
    if (asked.ok) await controller.takeNews(asked.value)
    else log('key-not-renewed', { code: asked.error.code, detail: asked.error.detail })
  }
  log('key-renewed', { generation: config.keyGeneration })
}

/** Nothing is ended by stopping: a running session goes on at the charger and is resumed at the next start. */
function stopOnSignals(kiosk: Kiosk, http: KioskHttpServer): void {
  let isStopping = false
  const stop = async (): Promise<void> => {
    if (isStopping) return
    isStopping = true
    await kiosk.central?.close()
    await kiosk.controller?.stop()
    await http.close()
    kiosk.journal.close()
    log('stopped')
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop())
  process.on('SIGINT', () => void stop())
}

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

main().catch((error: unknown) =>
  fail(error instanceof Error ? (error.stack ?? error.message) : String(error)),
)
