/** What the fuzzer attacks: one decoder or decision, with inputs that it must take and a judgement of what it took. */

import type { Bytes } from '@/lib/core/bytes'
import type { Dice } from '@/simulator/world/dice'

/** `false-accept`: it took what nobody entitled to it had said. */
export type Verdict = 'accepted' | 'refused' | 'false-accept'

export interface Target {
  readonly name: string
  /** How often it is chosen, against the others. */
  readonly weight: number
  /** Each must be accepted, or the judgement is worth nothing. Text is UTF-8. */
  readonly genuine: readonly Bytes[]
  /** Must not throw, must not take a second. */
  judge(input: Bytes): Verdict
  /** An input signed again after it was changed, by somebody who may or may not. Undefined where that makes no sense. */
  resign?(dice: Dice, mutated: Bytes): Bytes | undefined
}
