/** Signed values of a charger's message, examined before the session hears of them. */

import { limits } from '@/lib/core/limits'
import type { MeterCrypto } from '@/lib/crypto/meter-signature'
import { examineRecord, type ExaminedRecord, type MeterTrust } from '@/lib/metering/meter-record'
import type { MeterSample } from '../ocpp/port'
import type { ConnectorState } from '../session/connector-state'
import { certificateAt, type Knowledge } from './knowledge'
import type { ControllerPorts } from './ports'
import type { Timekeeper } from './timekeeper'

/** What is asked of the shell. */
export interface MeterJudge {
  readonly ports: Pick<ControllerPorts, 'meterCrypto'>
  readonly knowledge: Knowledge
  readonly time: Timekeeper
}

/** Knows no curve: every key is unreadable to it, and every record stays undecided. */
const blind: MeterCrypto = { verify: () => false, uncompress: () => undefined }

/** In the order in which they came; a key that came with one holds for those after it. */
export function examineSamples(
  judge: MeterJudge,
  { phase }: ConnectorState,
  samples: readonly MeterSample[],
): readonly ExaminedRecord[] {
  const values = samples.flatMap(({ signedData }) => signedData)
  if (values.length === 0 || !('running' in phase)) return []
  const trust = meterTrust(judge)
  let knownKey = phase.running.records.keyText
  // The last say most: an end is at the end.
  return values.slice(-limits.signedValuesPerMessageMax).map((value) => {
    const examined = examineRecord(value, { ...trust, knownKey })
    knownKey = examined.keyText ?? knownKey
    return examined
  })
}

export function meterTrust({ ports, knowledge, time }: MeterJudge): Omit<MeterTrust, 'knownKey'> {
  const { meterKeyHash } = certificateAt(knowledge, time.now().timeS).payload
  return { crypto: ports.meterCrypto ?? blind, keyHash: meterKeyHash }
}
