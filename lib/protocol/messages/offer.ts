/** The charger's proposal for one session on one connector: a price, a maximum hold and a short life. */

import { amountField, clockQualityField, epochField, nonceField, timeField } from '../common-fields'
import { at, optional, struct, uint, type PayloadOf } from '../fields'
import type { MessageType } from '../message'
import { compactTariffField, tariffChangeField } from './compact-tariff'
import { connectorPowerMostW } from './grant'

/** Steps of watts spare a byte in a code that must stay small. */
const powerStepW = 100

const payload = struct({
  nonce: at(1, nonceField),
  connectorId: at(2, uint(255)),
  timeS: at(3, timeField),
  clockQuality: at(4, clockQualityField),
  timeToLiveS: at(5, uint(3_600)),
  tariff: at(6, compactTariffField),
  maximumHoldMinor: at(7, amountField),
  revocationEpoch: at(8, epochField),
  policySequence: at(9, epochField),
  /** Bit 0: direct link now. Bit 1: gateway. Bit 2: phones may carry. Bit 3: the site's gateway holds reserves now. */
  roads: at(10, uint(255)),
  /** At most one timed change of the tariff's rates, known before the driver consents. */
  tariffChange: optional(11, tariffChangeField),
  /** The most that the bay may deliver as configured, in steps of 100 W, rounded up; absent where nothing is. */
  bayPowerSteps: optional(12, uint(connectorPowerMostW / powerStepW)),
})

export type Offer = PayloadOf<typeof payload>
export const offer: MessageType<Offer> = { name: 'offer', payload }

/** Of `roads`: grants of this site may be proposed by their own limits. */
export const siteReserveHere = 8

/** As it stands in an offer; undefined where no power is configured. */
export const powerStepsOf = (powerW: number): number | undefined =>
  powerW > 0 ? Math.min(Math.ceil(powerW / powerStepW), connectorPowerMostW / powerStepW) : undefined

/** In W; 0 where the charger does not say. */
export const bayPowerOf = ({ bayPowerSteps }: Offer): number => (bayPowerSteps ?? 0) * powerStepW
