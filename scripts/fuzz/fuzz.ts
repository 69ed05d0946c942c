/**
 * The fuzzer itself: input number n of a seed is always the same, so that a finding is repeated by its number alone.
 * Counts what threw, what took longer than a second and what was taken although nobody entitled had said it.
 */

import { toHex, type Bytes } from '@/lib/core/bytes'
import { signMessage } from '@/lib/protocol/message'
import { policy } from '@/lib/protocol/messages/policy'
import { issuerSigner, tellStory } from '@/tests/fixtures/messages'
import { timedPolicy } from '@/tests/fixtures/timed-policy'
import { Dice } from '@/simulator/world/dice'
import { acceptanceCorpus } from './acceptance-corpus'
import { acceptanceTargets } from './acceptance-targets'
import { documentTargets } from './document-targets'
import { letterTargets } from './letter-targets'
import { siteTargets } from './site-targets'
import { messageTargets } from './message-targets'
import { mutate, poolOf, type Pool } from './mutate'
import { passkeyTarget } from './passkey-target'
import type { Target, Verdict } from './target'

export type FindingKind = 'crash' | 'hang' | 'false-accept'

export interface Finding {
  readonly kind: FindingKind
  readonly target: string
  /** Number of the input within its seed; -1 for a genuine input that was refused. */
  readonly number: number
  readonly detail: string
  readonly hex: string
}

export interface FuzzFigures {
  readonly runs: number
  readonly accepted: number
  readonly crashes: number
  readonly hangs: number
  readonly falseAccepts: number
  readonly findings: readonly Finding[]
}

/** Findings that are kept whole; the others are counted. */
const findingsMax = 20
const hangMs = 1_000

export async function allTargets(): Promise<Target[]> {
  const story = await tellStory()
  const corpus = await acceptanceCorpus(story)
  const fullest = await signMessage(policy, timedPolicy, issuerSigner)
  const further = (name: string): readonly Bytes[] =>
    name === 'grant' ? corpus.map(({ grant }) => grant.bytes) : name === 'policy' ? [fullest.bytes] : []
  return [
    ...messageTargets(story, further),
    ...(await documentTargets(story)),
    ...siteTargets(story),
    ...letterTargets(story),
    ...(await acceptanceTargets(story)),
    passkeyTarget(),
  ]
}

export class Fuzzer {
  readonly #targets: readonly Target[]
  readonly #pool: Pool
  readonly #wheel: readonly Target[]
  readonly #nowMs: () => number
  #counts = { runs: 0, accepted: 0, crashes: 0, hangs: 0, falseAccepts: 0 }
  readonly #findings: Finding[] = []

  /** Refuses targets that do not take their own genuine inputs: their judgement would be worth nothing. */
  constructor(targets: readonly Target[], nowMs: () => number = () => performance.now()) {
    this.#targets = targets
    this.#pool = poolOf(targets.flatMap(({ genuine }) => genuine))
    this.#wheel = targets.flatMap((target) => Array.from({ length: target.weight }, () => target))
    this.#nowMs = nowMs
    for (const target of this.#targets) {
      for (const input of target.genuine) {
        const verdict = target.judge(input)
        if (verdict !== 'accepted') throw new Error(`${target.name}: a genuine input was ${verdict}`)
      }
    }
  }

  /** Inputs number `first` and on, `step` apart. */
  run(seed: string, first: number, count: number, step = 1): void {
    for (let index = 0; index < count; index += 1) this.#one(seed, first + index * step)
  }

  figures(): FuzzFigures {
    return { ...this.#counts, findings: this.#findings }
  }

  #one(seed: string, number: number): void {
    const { target, input } = this.#inputOf(seed, number)
    this.#counts.runs += 1
    const startMs = this.#nowMs()
    const verdict = this.#judge(target, input, number)
    if (this.#nowMs() - startMs > hangMs && this.#isSlow(target, input)) {
      this.#counts.hangs += 1
      this.#note({ kind: 'hang', target, input, number, detail: 'took longer than a second' })
    }
    if (verdict === 'accepted') this.#counts.accepted += 1
    if (verdict === 'false-accept') {
      this.#counts.falseAccepts += 1
      this.#note({ kind: 'false-accept', target, input, number, detail: 'nobody entitled said this' })
    }
  }

  #inputOf(seed: string, number: number): { readonly target: Target; readonly input: Bytes } {
    const dice = new Dice(`${seed}/${number}`)
    const target = dice.pick(this.#wheel)
    const genuine = dice.pick(target.genuine)
    // A few stay as they are, so that a run that accepts nothing at all is seen.
    if (dice.chance(0.01)) return { target, input: genuine }
    // Where a signature is asked for, most changes of the bytes end there; signed again they go further.
    if (target.resign !== undefined && dice.chance(0.3)) {
      const input = dice.chance(0.2) ? genuine : mutate(dice, genuine, this.#pool)
      return { target, input: target.resign(dice, input) ?? input }
    }
    return { target, input: mutate(dice, genuine, this.#pool) }
  }

  #judge(target: Target, input: Bytes, number: number): Verdict {
    try {
      return target.judge(input)
    } catch (error) {
      this.#counts.crashes += 1
      const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
      this.#note({ kind: 'crash', target, input, number, detail })
      return 'refused'
    }
  }

  /** Once more: a machine that was busy elsewhere is no hang. */
  #isSlow(target: Target, input: Bytes): boolean {
    const startMs = this.#nowMs()
    try {
      target.judge(input)
    } catch {
      // Counted already.
    }
    return this.#nowMs() - startMs > hangMs
  }

  #note(found: {
    readonly kind: FindingKind
    readonly target: Target
    readonly input: Bytes
    readonly number: number
    readonly detail: string
  }): void {
    if (this.#findings.length >= findingsMax) return
    const { kind, target, input, number, detail } = found
    this.#findings.push({ kind, target: target.name, number, detail, hex: toHex(input) })
  }
}
