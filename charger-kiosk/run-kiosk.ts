/**
 * The charger's controller as a process: keys, journal, touchscreen, enrolment, controller, OCPP server, in this order.
 * Started by `outpost-kiosk run` in the field, by `npm start`, and by tests. Ends with code 0 on SIGTERM and SIGINT, with
 * code 1 and one plain sentence when it cannot go on; its supervisor starts it again, and the journal says where it was.
 * Longer than most files, because the steps of a start read best in their order.
 */

import { mkdirSync } from 'node:fs'
import { verifyWithNode } from '@/lib/crypto/node'
import { sealWithHpke } from '@/lib/crypto/hpke'
import { nodeMeterCrypto } from '@/lib/crypto/node-meter'
import { fromHex } from '@/lib/core/bytes'
import { deviceId } from '@/lib/core/ids'
import { epochSeconds } from '@/lib/core/units'
import type { Journal } from '@/lib/journal/journal'
import { openJournal } from '@/lib/journal/open-journal'
import { encodeJournalEvent, incidentDetail } from '@/lib/protocol/journal-event'
import { gatewayLine } from '@/lib/roads/gateway-line'
import { GatewayRoad } from '@/lib/roads/gateway-road'
import type { Road } from '@/lib/roads/road'
import { parcelSecret } from '@/lib/sync/parcel'
import { startTracing } from '@/lib/tracing/start-tracing'
import { buildTimeS, version } from './build-facts'
import { bluezRadio } from './bluetooth/bluez-radio'
import { startBluetooth, type Bluetooth } from './bluetooth/start-bluetooth'
import { loadKioskConfig } from './config'
import { createController } from './controller/controller'
import { loadKnowledge, type Knowledge, type Self } from './controller/knowledge'
import { enrol } from './enrolment'
import { fail, orFail } from './fail'
import type { Forwarder } from './forward/forwarder'
import { openForwarding } from './forward/open-forwarding'
import { journalPath, journalSentence } from './journal-place'
import type { Kiosk } from './kiosk'
import { askForCertificate } from './key-renewal'
import type { DeviceKeys } from './keys/device-keys'
import { openKeys } from './keys/open-keys'
import { KeyWatch } from './keys/watched-signer'
import { openLog, type Log } from './log/log-writer'
import { startCentralSystem } from './ocpp/central-system'
import { openPasswordBook } from './ocpp/password-book'
import { readTlsFiles } from './ocpp/tls-files'
import { passwordBookPath, tlsSentence } from './ocpp-secrets'
import { openSatellite } from './satellite/open-satellite'
import type { SatelliteLoop } from './satellite/satellite-loop'
import { openCommandSocket, type CommandSocket } from './server/command-socket'
import { selfTest, type SelfTestResult } from './self-test'
import { startHttpServer, type KioskHttpServer } from './server/http-server'
import { countedFeedback, countedHandlers, healthOf, metricsOf } from './server/kiosk-figures'
import { Counters } from './server/metrics'
import { ChangingHost, controllerHost, unpairedHost } from './server/screen-host'
import { serviceNotifier } from './service-notify'
import type { KioskTable } from './session/records'
import type { StickDone } from './sticks/serve-stick'
import { serveStickAt } from './sticks/serve-sticks'
import { SwitchedRoad } from './switched-road'
import { systemClock, systemRandom, systemTimers } from './system'
import { openTechnician } from './technician/open-technician'
import { openUplinks, plainRoad } from './uplinks/open-uplinks'
import { openUptime } from './telemetry/open-uptime'
import { WatchedRoad } from './technician/road-watch'
import { technicianHost } from './technician/technician-host'

const enrolRetryMs = 3_000
/** The cloud certifies a few keys a day; asking more often would only be turned away. */
const renewRetryMs = 60_000

/** Never comes back: the process ends by a signal, or because it cannot go on. @param configPath of `--config` */
export function runKiosk(configPath?: string): void {
  main(configPath).catch((error: unknown) =>
    fail(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  )
}

async function main(configPath: string | undefined): Promise<void> {
  await startTracing({ service: 'outpost-kiosk', version }, process.env)
  const kiosk = await openKiosk(configPath)
  const { log } = kiosk
  const http = await serveScreen(kiosk)
  stopOnSignals(kiosk, http)
  log('screen-ready', { port: http.port })
  await startController(kiosk, await learn(kiosk))
  const ocppPort = await serveChargers(kiosk)
  kiosk.bluetooth = listenByRadio(kiosk)
  kiosk.commands = await takeCommands(kiosk)
  kiosk.keyWatch.start()
  kiosk.service.ready()
  log('ready', { ocppPort, screenPort: http.port })
  await renewKey(kiosk)
}

async function openKiosk(configPath: string | undefined): Promise<Kiosk> {
  const config = orFail(loadKioskConfig(process.env, configPath), (problems) => problems.join('\n'))
  const log = openLog(
    config.logs,
    () => new Date(),
    (line) => process.stdout.write(line),
  )
  mkdirSync(config.dataFolder, { recursive: true, mode: 0o700 })
  const opened = orFail(openKeys(config.keys, config.dataFolder), ({ sentence }) => sentence)
  const journal = orFail(
    openJournal<KioskTable>({
      path: journalPath(config.dataFolder),
      encryptionKey: opened.journalKey,
      vault: opened.segments,
      device: deviceId(config.chargerId),
      random: systemRandom,
    }),
    (fault) => journalSentence(config.dataFolder, fault),
  )
  // Keys are tried before the rest is there.
  const opening: { kiosk?: Kiosk } = {}
  const keyWatch = new KeyWatch(systemTimers, (fault) => {
    log(fault === undefined ? 'keys-back' : 'keys-failed', { detail: fault })
    void opening.kiosk?.controller?.refresh()
  })
  const keys: DeviceKeys = {
    journalKey: opened.journalKey,
    segments: opened.segments,
    signer: keyWatch.watch(opened.signer),
    nextSigners: opened.nextSigners.map((signer) => keyWatch.watch(signer)),
  }
  const uplinks = openUplinks(config, {
    clock: systemClock,
    random: systemRandom,
    timers: systemTimers,
  })
  const kiosk: Kiosk = {
    config,
    keys,
    keyWatch,
    journal,
    road: new SwitchedRoad(uplinks ?? plainRoad(config.cloudOrigin)),
    uplinks,
    host: new ChangingHost(unpairedHost(config, systemClock.nowS)),
    counters: new Counters(),
    log,
    service: serviceNotifier(process.env, () => true),
    tested: await testItself(keys, journal, log),
    gateway: undefined,
    controller: undefined,
    central: undefined,
    forwarder: undefined,
    bluetooth: undefined,
    commands: undefined,
    satellite: undefined,
    technician: undefined,
    uptime: undefined,
  }
  opening.kiosk = kiosk
  return kiosk
}

/** A charger that fails its test still starts, so that people can read why it sells nothing; the journal remembers. */
async function testItself(keys: DeviceKeys, journal: Journal<KioskTable>, log: Log): Promise<SelfTestResult> {
  const nowS = systemClock.nowS()
  const signers = [keys.signer, ...keys.nextSigners]
  const parts = { signers, verify: verifyWithNode, journal, random: systemRandom, nowS, buildTimeS }
  const tested = await selfTest(parts)
  log(tested.passed ? 'self-test' : 'self-test-failed', { detail: tested.detail })
  if (!tested.passed) {
    const incident = {
      kind: 'incident',
      timeS: nowS > buildTimeS ? nowS : buildTimeS,
      what: 'self-test',
      detail: incidentDetail(tested.detail),
    } as const
    // Best effort: a journal that does not take it is what the test has found.
    journal.append([{ kind: incident.kind, payload: encodeJournalEvent(incident) }])
  }
  return tested
}

/** The screen comes first: whatever takes long, or never works, people can read why. */
async function serveScreen(kiosk: Kiosk): Promise<KioskHttpServer> {
  const { config, road, host, counters } = kiosk
  const started = await startHttpServer(host, {
    port: config.screenPort,
    screenFolder: config.screenFolder,
    embeddingOrigins: config.demoPageOrigins,
    health: () => healthOf(kiosk),
    ...(config.metrics.enabled
      ? { metrics: { text: () => counters.text(metricsOf(kiosk)), token: config.metrics.token } }
      : {}),
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
  const { config, keys, keyWatch, journal, host, log, counters } = kiosk
  const road = new WatchedRoad(roadOf(kiosk), systemClock)
  const forwarder = forwardingOf(kiosk)
  kiosk.forwarder = forwarder
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
        charger: (identity) => {
          const commands = kiosk.central?.charger(identity)
          return commands && (forwarder?.noting(identity, commands) ?? commands)
        },
        road,
        ...(kiosk.gateway === undefined ? {} : { siteLine: kiosk.gateway }),
        parcels: { secret: parcelSecret(fromHex(keys.journalKey)), seal: sealWithHpke },
        log,
        closedBy: () => (keyWatch.fault === undefined ? undefined : 'charger.keys'),
        onFatal: ({ detail }) => fail(`The charger's journal failed: ${detail}`),
      },
      {
        bays: config.bays,
        power: { ...config.power, ...(forwarder === undefined ? {} : { outside: forwarder.limits }) },
        machine: config.safety,
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
  controller.onFeedback(countedFeedback(counters))
  // Before it starts: its first words to the gateway need its papers.
  kiosk.controller = controller
  orFail(await controller.start(), ({ detail }) => `The charger's sessions cannot be resumed: ${detail}`)
  const drivers = controllerHost(controller)
  const screens = technicianHost(drivers, () => kiosk.technician?.desk, systemClock)
  const runSelfTest = () => testItself(keys, journal, log)
  kiosk.satellite = satelliteOf(kiosk, road)
  const { lastScanS } = screens
  kiosk.technician = openTechnician({ kiosk, controller, road, runSelfTest, lastScanS })
  host.handOver(screens)
}

async function serveChargers(kiosk: Kiosk): Promise<number> {
  const { config, controller, counters, technician } = kiosk
  const { tls: files } = config
  if (controller === undefined || technician === undefined)
    return fail('The OCPP server was started before its controller.')
  kiosk.central = orFail(
    await startCentralSystem(
      {
        host: config.ocppHost,
        port: config.ocppPort,
        chargers: config.chargers.map(({ identity, password, bays: sockets }) => ({
          identity,
          sockets,
          ...(password === undefined ? {} : { password }),
        })),
        meterIntervalS: config.meterIntervalS,
        listsTokens: () => controller.listsTokens(),
        passwords: openPasswordBook(passwordBookPath(config.dataFolder), systemClock.nowS),
        ...(kiosk.forwarder === undefined ? {} : { tap: kiosk.forwarder.tap }),
        ...(files === undefined ? {} : { tls: orFail(readTlsFiles(files), tlsSentence) }),
      },
      technician.notes.watch(countedHandlers(controller.handlers, counters)),
      { clock: systemClock, timers: systemTimers },
    ),
    ({ code, detail }) =>
      `Chargers cannot connect at ${config.ocppHost}:${config.ocppPort} (${code}): ${detail}`,
  )
  kiosk.uptime = openUptime({
    config,
    controller,
    central: kiosk.central,
    notes: technician.notes,
    log: kiosk.log,
  })
  kiosk.forwarder?.start()
  return kiosk.central.port
}

/** By the site's gateway where there is one; the charger's own road is then for when that is gone. */
function roadOf(kiosk: Kiosk): Road {
  const { gateway } = kiosk.config
  if (gateway === undefined) return kiosk.road
  const counter = () => kiosk.controller?.parcels
  const line = gatewayLine(gateway, () => counter()?.papers)
  kiosk.gateway = line
  return new GatewayRoad({ line, counter, direct: kiosk.road })
}

/** To the site's own CSMS, where it has one. */
const forwardingOf = (kiosk: Kiosk): Forwarder | undefined =>
  openForwarding(kiosk.config.forwards, {
    dataFolder: kiosk.config.dataFolder,
    encryptionKey: kiosk.keys.journalKey,
    clock: systemClock,
    timers: systemTimers,
    phaseVoltageV: kiosk.config.safety.safety.phaseVoltageV,
    central: () => kiosk.central,
    desk: () => kiosk.controller,
    log: kiosk.log,
  })

/** The second way to the same codes, where it is wanted. */
function listenByRadio({ config, controller, log }: Kiosk): Bluetooth | undefined {
  if (!config.hasBluetooth || controller === undefined) return undefined
  const openRadio = bluezRadio(`Outpost ${controller.certificate().bayLabel}`)
  return startBluetooth({ controller, openRadio, clock: systemClock, timers: systemTimers, log })
}

/** Where no other road is left. */
function satelliteOf({ config, controller, log }: Kiosk, road: WatchedRoad): SatelliteLoop | undefined {
  const post = controller?.letters
  if (config.satellite === undefined || post === undefined) return undefined
  const heardS = () => (road.lastContactS === undefined ? post.heardS : epochSeconds(road.lastContactS))
  const satellite = openSatellite(config.satellite, { post, dataFolder: config.dataFolder, heardS, log })
  satellite.start()
  return satellite
}

/** From somebody at this machine, who need not stop the controller for it. */
function takeCommands({ config, controller, log }: Kiosk): Promise<CommandSocket | undefined> {
  const parcels = controller?.parcels
  if (parcels === undefined) return Promise.resolve(undefined)
  const stick = async (folder: string): Promise<StickDone> => {
    const done = await serveStickAt(folder, parcels)
    const { news, refused, bytes, fault } = done
    log('stick-served', { news, refused, parcels: done.parcels, bytes, code: fault?.code })
    return done
  }
  return openCommandSocket(config.dataFolder, { stick }, log)
}

/** What the charger was told before, or what an enrolment brings now; waits for the cloud as long as it takes. */
async function learn({ config, keys, journal, road, log }: Kiosk): Promise<Knowledge> {
  const otherKeys = keys.nextSigners.map(({ publicKey }) => publicKey)
  const self: Self = { chargerId: config.chargerId, key: keys.signer.publicKey, otherKeys }
  const stored = orFail(
    loadKnowledge(journal, self, verifyWithNode),
    ({ detail }) => `The charger's journal cannot be read: ${detail}`,
  )
  if (stored !== undefined) return stored
  const { enrolmentCode: code, cloudOrigin, root, meterKeyHash } = config
  if (code === undefined) {
    return fail(
      'This charger is not enrolled: run `outpost-kiosk enrol`, or set OUTPOST_ENROLMENT_CODE to the one-time code of the operator.',
    )
  }
  for (let isFirst = true; ; isFirst = false) {
    const request = { cloudOrigin, code, self, root, meterKeyHash, nowS: systemClock.nowS() }
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
    if (isFirst) log('waiting-for-cloud', { cloud: cloudOrigin, detail: enrolled?.error.detail })
    await new Promise((resolve) => setTimeout(resolve, enrolRetryMs))
  }
}

/** Has the wanted generation of the key certified, however long the cloud takes; until then the old one goes on. */
async function renewKey({ config, keys, road, controller, log }: Kiosk): Promise<void> {
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
  log('key-renewed', { generation: config.keys.generation })
}

/** Nothing is ended by stopping: a running session goes on at the charger and is resumed at the next start. */
function stopOnSignals(kiosk: Kiosk, http: KioskHttpServer): void {
  let isStopping = false
  const stop = async (): Promise<void> => {
    if (isStopping) return
    isStopping = true
    kiosk.service.stopping()
    kiosk.keyWatch.stop()
    kiosk.uptime?.stop()
    await kiosk.technician?.desk.stop()
    await kiosk.commands?.close()
    await kiosk.satellite?.stop()
    await kiosk.bluetooth?.close()
    await kiosk.central?.close()
    await kiosk.forwarder?.close()
    // A question that a gateway holds open must not hold up the end.
    kiosk.gateway?.close()
    await kiosk.controller?.stop()
    await http.close()
    kiosk.journal.close()
    kiosk.log('stopped')
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop())
  process.on('SIGINT', () => void stop())
}
