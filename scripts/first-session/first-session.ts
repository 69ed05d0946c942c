/**
 * One session without a network, through the real code: the phone's wallet, the charger's controller with its journal
 * on disk, OCPP over a loopback socket, the cloud's ledger in PostgreSQL. Only time is simulated, and people's hands.
 * It has a tenant of its own, so that it leaves no trace in the demonstration.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { proveLedger } from '@/lib/cloud/ledger/queries'
import { ledgerFigures } from '@/lib/cloud/operator/queries'
import { systemClock, systemRandom } from '@/lib/cloud/system'
import { toBytes, toHex } from '@/lib/core/bytes'
import { chargerId, operatorId } from '@/lib/core/ids'
import type { Refusal } from '@/lib/core/reason'
import { expectOk, type Result } from '@/lib/core/result'
import { addSeconds } from '@/lib/core/units'
import { nodeSigner } from '@/lib/crypto/node'
import { encodeEnvelope, envelopeFromText, envelopeToText, type Envelope } from '@/lib/protocol/envelope'
import { memoryRoad, type Mishap } from '@/lib/roads/memory-road'
import { qrModules } from '@/components/ui/qr-modules'
import { deliverSession } from '@/simulator/charger/deliver-session'
import type { OcppVersion } from '@/simulator/charger/socket-link'
import { VirtualTime, type SleepUntil } from '@/simulator/charger/virtual-time'
import { inProcessCloud } from '@/simulator/phone/in-process-cloud'
import { VirtualPhone } from '@/simulator/phone/virtual-phone'
import { bay, openStand, type ChargerStand } from '@/simulator/replay/charger-stand'
import { cloudReceiver, driverAppOrigin, enrol, openSimulatedCloud } from '@/simulator/replay/simulated-cloud'
import type { CodeFigures, SessionFigures } from './figures'

const story = { creditMinor: 4_000, wishedMinor: 1_000, energyWh: 18_400, durationS: 1_440 } as const
const dayS = 86_400

/**
 * @param databaseUrl a migrated database
 * @param ocpp what the virtual charger speaks
 */
export async function runFirstSession(
  databaseUrl: string,
  ocpp: OcppVersion = '1.6',
): Promise<SessionFigures> {
  const startedMs = performance.now()
  const folder = mkdtempSync(join(tmpdir(), 'outpost-first-session-'))
  const time = new VirtualTime(systemClock.nowS())
  const name = toHex(systemRandom.bytes(3))
  const cloud = await openSimulatedCloud({
    databaseUrl,
    tenant: operatorId(`first-${name}`),
    clock: time.clock,
    random: systemRandom,
    keys: systemRandom,
  })
  const network = { isCut: false }
  const stand = await openFirstStand(cloud, time, folder, network, ocpp)
  const unwatch = time.watch(() => stand.isQuiet())
  try {
    let figures: Omit<SessionFigures, 'elapsedMs'> | undefined
    await time.run(async (sleepUntil) => {
      figures = await play(cloud, stand, time, network, sleepUntil)
    })
    if (figures === undefined) throw new Error('The first session came to no end')
    return { ...figures, elapsedMs: Math.round(performance.now() - startedMs) }
  } finally {
    unwatch()
    await stand.close()
    await cloud.db.destroy()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The cable between the charger and the rest of the world. */
interface Network {
  isCut: boolean
}

async function openFirstStand(
  cloud: Cloud,
  time: VirtualTime,
  folder: string,
  network: Network,
  ocpp: OcppVersion,
): Promise<ChargerStand> {
  const signer = nodeSigner(systemRandom.bytes(32))
  const setup = { chargerId: 'FIRST-1', siteId: 'hut', siteLabel: 'Mountain hut', bayLabel: 'Bay 1' }
  const mishap = (): Mishap => ({ kind: network.isCut ? 'drop' : 'none' })
  return openStand({
    chargerId: chargerId(setup.chargerId),
    signer,
    enrolment: await enrol(cloud, setup, signer.publicKey),
    folder,
    time,
    random: systemRandom,
    origin: driverAppOrigin,
    buildTimeS: addSeconds(time.clock.nowS(), -dayS),
    road: memoryRoad(cloudReceiver(cloud), mishap),
    ocpp,
  })
}

async function play(
  cloud: Cloud,
  stand: ChargerStand,
  time: VirtualTime,
  network: Network,
  sleepUntil: SleepUntil,
): Promise<Omit<SessionFigures, 'elapsedMs'>> {
  const { clock } = time
  const phone = await VirtualPhone.open({
    cloud: inProcessCloud(cloud),
    clock,
    random: systemRandom,
    origin: driverAppOrigin,
    buildTimeS: addSeconds(clock.nowS(), -dayS),
  })
  must(await phone.signUp(), 'sign up')
  must(await phone.topUp(story.creditMinor, cloud.config.currency, 'first-session'), 'top up')
  must(await phone.takeAlong(), 'take a grant along')
  const codes: CodeFigures[] = []
  let tampered: Refusal | undefined
  let held = 0
  network.isCut = true
  const delivered = await deliverSession(
    stand.charger,
    { startS: clock.nowS() + 5, durationS: story.durationS, energyWh: story.energyWh },
    () => clock.nowS(),
    sleepUntil,
    async () => {
      const offerText = shownIn(stand, 'offering').offerCode
      codes.push(figuresOf('offer', offerText))
      const shown = must(await phone.scan(offerText, story.wishedMinor), 'approve the offer')
      held = shown.holdMinor
      codes.push(figuresOf('authorization', shown.text))
      tampered = await refusalOf(stand, tamperedCopy(shown.text))
      const outcome = await stand.controller.handleScan(bay, shown.text)
      if (outcome.kind !== 'accepted') throw new Error(`The charger declined: ${JSON.stringify(outcome)}`)
      const { answerCode } = shownIn(stand, 'starting')
      if (answerCode === null) throw new Error('The charger has no answer for a phone')
      codes.push(figuresOf('answer', answerCode))
      must(await phone.read(answerCode), 'read the answer')
      return true
    },
  )
  if (delivered === undefined || tampered === undefined) throw new Error('The charging never began')
  const { receiptCode, totalMinor, releasedMinor, durationS } = shownIn(stand, 'finished')
  codes.push(figuresOf('receipt', receiptCode))
  await takeReceipt(phone, receiptCode)
  network.isCut = false
  must(await phone.report(), 'report from the phone')
  const afterPhone = await ledgerFigures(cloud)
  await stand.controller.syncNow()
  const afterBoth = await ledgerFigures(cloud)
  const proof = await inTenant(cloud.db, cloud.config.tenant, (tx) => proveLedger(tx, cloud.config.tenant))
  if (!proof.isProved) throw new Error('The ledger does not add up')
  return {
    codes,
    grantBytes: phone.wallet.snapshot().chains[0]?.grant.bytes.length ?? 0,
    currency: cloud.config.currency,
    heldMinor: held,
    energyWh: delivered.energyWh,
    durationS,
    totalMinor,
    releasedMinor,
    tamperedRefusal: tampered,
    settledByPhoneMinor: afterPhone.revenueMinor + afterPhone.taxMinor,
    settledByBothMinor: afterBoth.revenueMinor + afterBoth.taxMinor,
    imbalanceMinor: afterBoth.imbalanceMinor,
    transfers: afterBoth.transfers,
  }
}

async function takeReceipt(phone: VirtualPhone, code: string): Promise<void> {
  const read = must(await phone.read(code), 'read the receipt')
  if (read.kind !== 'receipt' || read.dispute !== null) throw new Error('The phone computed another amount')
}

function must<T>(result: Result<T, Refusal>, what: string): T {
  return expectOk(result, `The first session could not ${what}`)
}

type Phase = ReturnType<ChargerStand['phase']>

function shownIn<Kind extends Phase['kind']>(
  stand: ChargerStand,
  kind: Kind,
): Extract<Phase, { kind: Kind }> {
  const phase = stand.phase()
  if (phase.kind !== kind) throw new Error(`The screen shows ${phase.kind} where ${kind} was expected`)
  return phase as Extract<Phase, { kind: Kind }>
}

function openCode(text: string): Envelope {
  return expectOk(envelopeFromText(text), 'A code that a screen shows is well formed')
}

function figuresOf(name: string, text: string): CodeFigures {
  return { name, bytes: encodeEnvelope(openCode(text)).length, qrVersion: qrModules(text)?.version ?? 0 }
}

/** One bit of the authorization's signature changed, as by somebody between phone and charger. */
function tamperedCopy(text: string): string {
  const { kind, parts } = openCode(text)
  const [first = toBytes([]), ...attachments] = parts
  const changed = toBytes(first)
  const last = changed.length - 1
  changed[last] = (changed[last] ?? 0) ^ 1
  return envelopeToText({ kind, parts: [changed, ...attachments] })
}

async function refusalOf(stand: ChargerStand, text: string): Promise<Refusal> {
  const outcome = await stand.controller.handleScan(bay, text)
  if (outcome.kind !== 'refused') throw new Error('The charger took a tampered authorization')
  return outcome.refusal
}
