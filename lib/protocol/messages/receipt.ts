/**
 * What was delivered and what it costs. `counter` and `previous` chain all receipts of one charger without gaps, so
 * that a hidden session shows. Amounts are tax-inclusive minor units of the offer's currency; lines sum to total.
 */

import {
  amountField,
  clockQualityField,
  currencyField,
  durationField,
  energyField,
  epochField,
  hashField,
  serialField,
  sessionIdField,
  timeField,
} from '../common-fields'
import { at, choice, list, optional, struct, tuple, uint, type PayloadOf } from '../fields'
import type { MessageType } from '../message'

export const stopReasons = [
  'stop-code',
  'phone',
  'unplugged',
  'hold-reached',
  'vehicle',
  'limit',
  'fault',
  'power-cut',
  'never-started',
  'card',
] as const
export type StopReason = (typeof stopReasons)[number]

const linesField = tuple({
  energyMinor: amountField,
  timeMinor: amountField,
  sessionMinor: amountField,
  idleMinor: amountField,
})
export type ReceiptLines = PayloadOf<typeof linesField>

/** Another wallet's chain head that this charger met: lets the cloud see forks through honest drivers. */
const sightingField = tuple({ serial: serialField, seq: uint(1_000), hash: hashField })

const atChangeField = tuple({ registerWh: energyField, chargingS: durationField, idleS: durationField })

const payload = struct({
  sessionId: at(1, sessionIdField),
  counter: at(2, epochField),
  /** Hash of this charger's receipt before; all zero for the first. */
  previous: at(3, hashField),
  meterStartWh: at(4, energyField),
  meterStopWh: at(5, energyField),
  startS: at(6, timeField),
  /** Time with power, and idle time after it that the tariff may bill, beyond which nothing counts. */
  chargingS: at(7, durationField),
  idleS: at(8, durationField),
  currency: at(9, currencyField),
  totalMinor: at(10, amountField),
  lines: at(11, linesField),
  taxMinor: at(12, amountField),
  stopReason: at(13, choice(stopReasons)),
  clockQuality: at(14, clockQualityField),
  /** Hash of the newest checkpoint of the charger's log. */
  checkpointHash: at(15, hashField),
  /** First 16 bytes of SHA-256 over the meter's own signed record. */
  meterRecordHash: optional(16, hashField),
  sightings: optional(17, list(sightingField, 4)),
  /** Where the offer announced a change of price that took effect: the register and times at that moment. */
  atChange: optional(18, atChangeField),
})

export type Receipt = PayloadOf<typeof payload>
export const receipt: MessageType<Receipt> = { name: 'receipt', payload }
