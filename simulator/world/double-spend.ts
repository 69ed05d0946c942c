/**
 * What a copied wallet can take before everybody knows of it: one grant, its key copied, and chargers that have no
 * link of their own. Word travels with honest drivers: their receipts bring home what a charger has sighted, and their
 * phones bring revocations along. Chargers decide by the product's own rules of holds and chains.
 */

import { chainFault, type ChainHead } from '@/charger-kiosk/session/chain-rule'
import { grantSerial, messageHash, pseudonym, type MessageHash } from '@/lib/core/ids'
import { addSeconds, minorUnits } from '@/lib/core/units'
import { defaultPolicy, riskDefaults, wholeUnits } from '@/lib/policy/defaults'
import { bindingHoldLimit } from '@/lib/policy/hold-limits'
import type { ParsedMessage } from '@/lib/protocol/message'
import type { Authorization } from '@/lib/protocol/messages/authorization'
import type { Grant } from '@/lib/protocol/messages/grant'
import { Dice } from './dice'
import { signerNamed } from './keys'
import { openingTariff, worldCurrency, worldOperator } from './place'
import { worldBeginsS } from './timeline'

export interface FraudSetting {
  readonly chargers: number
  /** Honest drivers who pass each charger on a day. */
  readonly couriersPerDay: number
  /** From the moment at which the cloud can know to the signed revocation. */
  readonly revocationDelayHours: number
  /** Whole currency units; the session cap of the grant holds in any case. */
  readonly firstSeenCap: number
}

const hourS = 3_600
const dayS = 24 * hourS
/** A phone is online again, or was online last, within half a day. */
const offlineMaxS = 12 * hourS
/** A thief needs so long from one charger to the next, and charges as fast as there is. */
const hopS = hourS

const grant: Grant = {
  operator: worldOperator,
  serial: grantSerial('00000000000000ff'),
  deviceKey: signerNamed('double spend').publicKey,
  pseudonym: pseudonym('0000000000000001'),
  currency: worldCurrency,
  capMinor: wholeUnits(riskDefaults.roamingCap, worldCurrency),
  sessionCapMinor: wholeUnits(riskDefaults.roamingSessionCap, worldCurrency),
  spendsMax: riskDefaults.roamingSpends,
  notBeforeS: worldBeginsS,
  notAfterS: addSeconds(worldBeginsS, riskDefaults.roamingDays * dayS),
  sites: [],
  keyProtection: 'platform',
}
const grantHash = messageHash('f'.repeat(32))
/** The thief has the wallet's key: signatures are right, and nobody here looks at them. */
const unsigned = new Uint8Array(0)

interface Stand {
  /** When a courier brings the revocation; never, where none does. */
  readonly visits: readonly { readonly atS: number; readonly knewAtS: number; readonly homeAtS: number }[]
  last: ChainHead | undefined
  usedMinor: number
}

/** What was taken in all, in whole currency units; the grant's cap is there to pay for a part of it. */
export function takenBy(setting: FraudSetting, seed: number): number {
  const dice = new Dice(`double-spend ${seed}`)
  const stands = Array.from({ length: setting.chargers }, () => drawStand(setting, dice))
  let takenMinor = 0
  let revokedAtS = Number.POSITIVE_INFINITY
  const sightings: { readonly seq: number; readonly homeAtS: number }[] = []
  const order = shuffled(stands, dice)
  for (let hop = 0; hop * hopS < riskDefaults.roamingDays * dayS; hop += 1) {
    const atS = hop * hopS
    const stand = order[hop % order.length]
    if (stand === undefined) break
    const isWarned = stand.visits.some((visit) => visit.atS <= atS && visit.knewAtS >= revokedAtS)
    const spend = isWarned ? undefined : spendAt(stand, setting, atS)
    if (spend === undefined) continue
    takenMinor += spend.holdMinor
    const homeAtS = Math.min(
      ...stand.visits.filter((visit) => visit.atS > atS).map((visit) => visit.homeAtS),
      Number.POSITIVE_INFINITY,
    )
    sightings.push({ seq: spend.seq, homeAtS })
    revokedAtS = Math.min(revokedAtS, knownAt(sightings) + setting.revocationDelayHours * hourS)
  }
  return takenMinor / 100
}

function drawStand({ couriersPerDay }: FraudSetting, dice: Dice): Stand {
  const visits: { atS: number; knewAtS: number; homeAtS: number }[] = []
  const endS = riskDefaults.roamingDays * dayS
  for (let atS = gap(couriersPerDay, dice); atS < endS; atS += gap(couriersPerDay, dice)) {
    visits.push({ atS, knewAtS: atS - dice.below(offlineMaxS), homeAtS: atS + dice.below(offlineMaxS) })
  }
  return { visits, last: undefined, usedMinor: 0 }
}

/** Between two drivers who come at random. */
const gap = (perDay: number, dice: Dice): number =>
  perDay === 0 ? Number.POSITIVE_INFINITY : (-Math.log(1 - dice.fraction()) * dayS) / perDay

/** The cloud knows when it has two spends of one place in the chain: signed evidence, whatever the sums say. */
function knownAt(sightings: readonly { readonly seq: number; readonly homeAtS: number }[]): number {
  const bySeq = new Map<number, number[]>()
  for (const { seq, homeAtS } of sightings) bySeq.set(seq, [...(bySeq.get(seq) ?? []), homeAtS])
  const second = [...bySeq.values()].map((times) => times.sort((left, right) => left - right)[1])
  return Math.min(...second.map((time) => time ?? Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY)
}

/** The most that this charger gives to a wallet that lies as well as it can; undefined when it gives nothing. */
function spendAt(
  stand: Stand,
  { firstSeenCap }: FraudSetting,
  atS: number,
): { readonly seq: number; readonly holdMinor: number } | undefined {
  const seq = (stand.last?.seq ?? 0) + 1
  if (seq > grant.spendsMax) return undefined
  const terms = defaultPolicy(worldOperator, 1, openingTariff, worldBeginsS)
  const { maximumMinor } = bindingHoldLimit({
    policy: { ...terms, firstSeenCapMinor: wholeUnits(firstSeenCap, worldCurrency) },
    grant,
    offerMaximumMinor: terms.maximumHoldMinor,
    nowS: addSeconds(worldBeginsS, atS),
    clockQuality: 'synchronised',
    // Whatever was spent, the wallet says that it came back.
    grantRoomMinor: grant.capMinor,
    confirmedHere: false,
    usedHereMinor: minorUnits(stand.usedMinor),
    exposureMinor: minorUnits(stand.usedMinor),
    stepUp: false,
  })
  if (maximumMinor <= 0) return undefined
  const gross = (stand.last?.grossMinor ?? 0) + maximumMinor
  const released = seq === 1 ? 0 : gross - maximumMinor
  const previous = seq === 1 ? grantHash : (stand.last?.hash ?? grantHash)
  const hash = hashOf(atS)
  const payload: Authorization = {
    offerHash: hash,
    holdMinor: maximumMinor,
    seq,
    previous,
    grossMinor: minorUnits(gross),
    releasedMinor: minorUnits(released),
    timeS: addSeconds(worldBeginsS, atS),
    revocationEpoch: 0,
    grantHash,
  }
  const spend: ParsedMessage<Authorization> = {
    hash,
    payload,
    bytes: unsigned,
    signature: unsigned,
    signedBytes: unsigned,
  }
  if (chainFault(spend, grantHash, stand.last, 0) !== undefined) return undefined
  stand.last = { seq, hash, grossMinor: gross, releasedMinor: released }
  stand.usedMinor += maximumMinor
  return { seq, holdMinor: maximumMinor }
}

const hashOf = (atS: number): MessageHash => messageHash(atS.toString(16).padStart(32, '0'))

function shuffled<T>(list: readonly T[], dice: Dice): readonly T[] {
  const rest = [...list]
  return list.map(() => rest.splice(dice.below(rest.length), 1)[0]).filter((one) => one !== undefined)
}

export interface LossFigures extends FraudSetting {
  readonly meanTaken: number
  /** Beyond what the grant's own reserve pays. */
  readonly meanLoss: number
  readonly worstLoss: number
}

/** Over these seeds. */
export function lossFigures(setting: FraudSetting, seeds: readonly number[]): LossFigures {
  const taken = seeds.map((seed) => takenBy(setting, seed))
  const losses = taken.map((sum) => Math.max(0, sum - riskDefaults.roamingCap))
  const mean = (sums: readonly number[]): number =>
    Math.round(sums.reduce((sum, one) => sum + one, 0) / sums.length)
  return { ...setting, meanTaken: mean(taken), meanLoss: mean(losses), worstLoss: Math.max(...losses) }
}
