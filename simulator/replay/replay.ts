/**
 * A replay: recorded sessions through virtual phones, the real controller with real journals, OCPP over real loopback
 * sockets and the real database, in simulated time. Every charger is cut off for the first day; phones come home when
 * they do. Start reading at `replay`.
 */

import { expectOk } from '@/lib/core/result'
import type { SessionId } from '@/lib/core/ids'
import { envelopeFromText, envelopeToText } from '@/lib/protocol/envelope'
import { parseMessage } from '@/lib/protocol/message'
import { receipt, type Receipt } from '@/lib/protocol/messages/receipt'
import { deliverSession } from '@/simulator/charger/deliver-session'
import type { SleepUntil } from '@/simulator/charger/virtual-time'
import { readBooks, type PaidIn } from './books'
import { bay, type ChargerStand } from './charger-stand'
import { beginSession, liveWithPhone, type Begun, type ReplayDriver } from './driver'
import type { Delivery, ReplayFacts, UnbookedSession } from './outcome'
import type { PlannedSession } from './plan'
import { openWorld, type ReplayOptions, type World } from './world'

const cutOffS = 86_400
/** Whatever is not acknowledged by then will not be. */
const drainMaxS = 4 * 3_600
const drainStepS = 60
const progressEveryS = 3 * 3_600

export async function replay(options: ReplayOptions): Promise<ReplayFacts> {
  const startedMs = performance.now()
  const world = await openWorld(options)
  try {
    const { sessions, paidIn } = await playDays(world)
    await drain(world)
    const books = await readBooks(world.cloud, sessions, paidIn)
    return {
      ...books,
      duplicatesIgnored: world.evidence.repeats,
      firstByPhone: world.evidence.firstBroughtBy('phone'),
      firstByCharger: world.evidence.firstBroughtBy('charger'),
      elapsedMs: Math.round(performance.now() - startedMs),
    }
  } finally {
    await world.close()
  }
}

interface Visit {
  readonly driver: ReplayDriver
  readonly session: PlannedSession
}

async function playDays(
  world: World,
): Promise<{ readonly sessions: readonly UnbookedSession[]; readonly paidIn: readonly PaidIn[] }> {
  const { time, stands, drivers, link, options } = world
  const sessions: UnbookedSession[] = []
  const paidIn: PaidIn[] = []
  const visits = drivers
    .flatMap((driver) => driver.plan.sessions.map((session): Visit => ({ driver, session })))
    .sort((left, right) => left.session.startS - right.session.startS)
  const atStand = (stand: ChargerStand) => async (sleepUntil: SleepUntil) => {
    for (const visit of visits.filter(({ session }) => session.chargerId === stand.chargerId)) {
      sessions.push(await playVisit(visit, stand, world, sleepUntil))
    }
  }
  const withPhone = (driver: ReplayDriver) => async (sleepUntil: SleepUntil) => {
    paidIn.push({ driver: driver.plan.name, ...(await liveWithPhone(driver, sleepUntil)) })
  }
  const network = async (sleepUntil: SleepUntil) => {
    await sleepUntil(options.window.fromS)
    link.isUp = false
    await sleepUntil(options.window.fromS + cutOffS)
    link.isUp = true
  }
  const progress = async (sleepUntil: SleepUntil) => {
    const { fromS, untilS } = options.window
    for (let atS: number = fromS; atS <= untilS; atS += progressEveryS) {
      await sleepUntil(atS)
      const state = link.isUp ? 'online' : 'cut off'
      const moment = new Date(atS * 1_000).toISOString().slice(0, 16).replace('T', ' ')
      options.onProgress(`${moment} UTC, chargers ${state}: ${sessions.length} of ${visits.length} sessions`)
    }
  }
  await time.run(network, progress, ...drivers.map(withPhone), ...[...stands.values()].map(atStand))
  sessions.sort((left, right) => left.startS - right.startS)
  return { sessions, paidIn }
}

async function playVisit(
  { driver, session }: Visit,
  stand: ChargerStand,
  { time }: World,
  sleepUntil: SleepUntil,
): Promise<UnbookedSession> {
  const { chargerId, startS, durationS, energyWh } = session
  let begun: Awaited<ReturnType<typeof beginSession>> | undefined
  await deliverSession(
    stand.charger,
    { startS, durationS, energyWh },
    () => time.clock.nowS(),
    sleepUntil,
    async () => {
      begun = await beginSession(driver, stand, session)
      return begun.ok
    },
  )
  if (begun === undefined) throw new Error(`Nobody came to ${chargerId}`)
  const { name, pays } = driver.plan
  const base = { chargerId, driver: name, pays, startS, traceEnergyWh: energyWh }
  if (!begun.ok) return { ...base, delivery: { kind: 'refused', code: begun.error.code } }
  return { ...base, delivery: await endSession(driver, session, stand, begun.value) }
}

/** Most drivers scan the receipt on the charger's screen when they leave. */
async function endSession(
  { phone }: ReplayDriver,
  { scansReceipt }: PlannedSession,
  stand: ChargerStand,
  { sessionId, holdMinor, text }: Begun,
): Promise<Delivery> {
  const code = await receiptCode(stand, sessionId, text)
  if (code === undefined) return { kind: 'lost', sessionId }
  if (scansReceipt) expectOk(await phone.read(code), 'the receipt is read')
  const { meterStartWh, meterStopWh, totalMinor, stopReason } = openReceipt(code)
  return { kind: 'ended', sessionId, energyWh: meterStopWh - meterStartWh, holdMinor, totalMinor, stopReason }
}

/** A receipt stands on the screen for a while; whoever comes later shows the phone's code again and gets it. */
async function receiptCode(
  stand: ChargerStand,
  sessionId: SessionId,
  authorizationText: string,
): Promise<string | undefined> {
  const shown = stand.phase()
  if (shown.kind === 'finished' && shown.sessionId === sessionId) return shown.receiptCode
  const outcome = await stand.controller.handleScan(bay, authorizationText)
  if (outcome.kind !== 'known' || outcome.known.what !== 'receipt') return undefined
  return envelopeToText({ kind: 'receipt', parts: [outcome.known.bytes] })
}

function openReceipt(text: string): Receipt {
  const [bytes] = expectOk(envelopeFromText(text), 'the screen shows a code of ours').parts
  return expectOk(parseMessage(receipt, bytes ?? new Uint8Array()), 'the code holds a receipt').payload
}

/** The chargers have a network again: everything comes home. */
async function drain({ time, stands, options }: World): Promise<void> {
  const isHome = (): boolean =>
    [...stands.values()].every(({ journal }) => journal.acknowledgedSize === journal.size)
  options.onProgress('All vehicles have left; the last logs come home')
  await time.run(async (sleepUntil) => {
    const untilS = time.clock.nowS() + drainMaxS
    while (!isHome() && time.clock.nowS() < untilS) await sleepUntil(time.clock.nowS() + drainStepS)
  })
}
