/** The world of a replay before its first second: the operator, every charger of the trace, every driver. */

import type { Cloud } from '@/lib/cloud/context'
import { demoTariff, issuePolicy, registerFleet } from '@/lib/cloud/operator/commands'
import { minorUnitExponent } from '@/lib/core/currency'
import { operatorId } from '@/lib/core/ids'
import { epochSeconds, minorUnits, seconds, type EpochSeconds } from '@/lib/core/units'
import { nodeSigner } from '@/lib/crypto/node'
import { riskDefaults, wholeUnits } from '@/lib/policy/defaults'
import { VirtualTime } from '@/simulator/charger/virtual-time'
import type { TraceSession, TraceWindow } from '@/simulator/traces/corridor'
import { openStand, type ChargerStand } from './charger-stand'
import type { ReplayDriver } from './driver'
import { EvidenceCount, endedIn } from './evidence-count'
import { openDriver, replayFleet, type TokenTerms } from './open-driver'
import { planDrivers } from './plan'
import { replayRoad, type LinkState } from './replay-road'
import { fractionFrom, seededRandom } from './seeded-random'
import { cloudReceiver, driverAppOrigin, enrol, openSimulatedCloud } from './simulated-cloud'

export interface ReplayOptions {
  readonly trace: readonly TraceSession[]
  readonly window: TraceWindow
  readonly seed: number
  /** Lifts every cap, so that each session takes what the trace says. */
  readonly raisedCaps: boolean
  /** A migrated database that nobody else uses. */
  readonly databaseUrl: string
  /** An empty folder for the journals. */
  readonly folder: string
  readonly onProgress: (text: string) => void
}

export interface World {
  readonly options: ReplayOptions
  readonly time: VirtualTime
  readonly cloud: Cloud
  readonly stands: ReadonlyMap<string, ChargerStand>
  readonly drivers: readonly ReplayDriver[]
  /** The chargers' way to the cloud. */
  readonly link: LinkState
  readonly evidence: EvidenceCount
  close(): Promise<void>
}

/** Chargers are installed and enrolled while there is still a network. */
const setUpS = 7_200
/** After the window the last phones come home. */
const homecomingS = 6 * 3_600

/** Whole currency units: more than any session costs. */
const raisedCap = 1_000

export async function openWorld(options: ReplayOptions): Promise<World> {
  const { databaseUrl, seed, window } = options
  const beginsAtS = epochSeconds(window.fromS - setUpS)
  const time = new VirtualTime(beginsAtS)
  const cloud = await openSimulatedCloud({
    databaseUrl,
    tenant: operatorId('replay'),
    clock: time.clock,
    random: seededRandom(`${seed} cloud`),
    keys: seededRandom(`${seed} operator`),
  })
  const evidence = new EvidenceCount()
  const link: LinkState = { isUp: true }
  const stands = new Map<string, ChargerStand>()
  const close = async (): Promise<void> => {
    for (const stand of stands.values()) await stand.close()
    await cloud.db.destroy()
  }
  try {
    if (options.raisedCaps) await raiseCaps(cloud)
    await registerFleet(cloud, replayFleet)
    for (const session of options.trace) {
      if (stands.has(session.chargerId)) continue
      const stand = await standFor(session, { options, time, cloud, evidence, link, beginsAtS })
      stands.set(session.chargerId, stand)
      time.watch(() => stand.isQuiet())
    }
    const drivers = await openDrivers(options, { cloud, evidence, time, beginsAtS })
    return { options, time, cloud, stands, drivers, link, evidence, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function raiseCaps(cloud: Cloud): Promise<void> {
  const cap = wholeUnits(10 * raisedCap, cloud.config.currency)
  await issuePolicy(cloud, {
    maximumHoldMinor: cap,
    firstSeenCapMinor: cap,
    firstSeenStepUpCapMinor: cap,
    firstSeenYoungCapMinor: cap,
    stepUpAboveMinor: cap,
    exposureCapMinor: minorUnits(100 * cap),
    sessionDurationMaxS: seconds(7 * 86_400),
    sessionEnergyMaxWh: 1_000_000,
  })
}

interface Place extends Pick<World, 'options' | 'time' | 'cloud' | 'evidence' | 'link'> {
  readonly beginsAtS: EpochSeconds
}

async function standFor(
  { chargerId, siteId, siteLabel }: TraceSession,
  { options, time, cloud, evidence, link, beginsAtS }: Place,
): Promise<ChargerStand> {
  const random = seededRandom(`${options.seed} charger ${chargerId}`)
  const mishaps = seededRandom(`${options.seed} road ${chargerId}`)
  const signer = nodeSigner(random.bytes(32))
  const setup = { chargerId, siteId, siteLabel, bayLabel: chargerId }
  const receive = cloudReceiver(cloud)
  const road = replayRoad(
    (bundle) => {
      evidence.take(endedIn(bundle), 'charger')
      return receive(bundle)
    },
    link,
    time.clock,
    () => fractionFrom(mishaps),
  )
  return openStand({
    chargerId,
    signer,
    enrolment: await enrol(cloud, setup, signer.publicKey),
    folder: options.folder,
    time,
    random,
    origin: driverAppOrigin,
    buildTimeS: epochSeconds(beginsAtS - 86_400),
    road,
  })
}

async function openDrivers(
  { trace, seed, window, raisedCaps }: ReplayOptions,
  { cloud, evidence, time, beginsAtS }: Pick<Place, 'cloud' | 'evidence' | 'time' | 'beginsAtS'>,
): Promise<readonly ReplayDriver[]> {
  const { currency } = cloud.config
  const units = (amount: number): number => wholeUnits(amount, currency)
  const plans = planDrivers(trace, {
    seed,
    beginsAtS,
    reportsUntilS: epochSeconds(window.untilS + homecomingS),
    energyPerKwh: demoTariff(currency).energyPerKwh,
    minorPerMajor: 10 ** (minorUnitExponent(currency) ?? 0),
    sessionCapMinor: units(riskDefaults.roamingSessionCap),
    capMinor: units(riskDefaults.roamingCap),
  })
  const token: TokenTerms = {
    capMinor: units(raisedCaps ? raisedCap : riskDefaults.roamingCap),
    sessionCapMinor: units(raisedCaps ? raisedCap : riskDefaults.roamingSessionCap),
  }
  const drivers: ReplayDriver[] = []
  for (const plan of plans) {
    const random = seededRandom(`${seed} phone ${plan.name}`)
    drivers.push(await openDriver(plan, { cloud, evidence, clock: time.clock, random, token, beginsAtS }))
  }
  return drivers
}
