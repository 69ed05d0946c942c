/** Plants every mutant by itself and lives through worlds until one of them violates something. */

import { bundleWorker, openBundleFolder } from './bundle'
import type { Mutant } from './mutation'
import { runWorkers } from './run-workers'

export interface MutantOutcome {
  readonly id: string
  /** The world that found it, and by which rule; undefined: it survived all of them. */
  readonly foundBy: { readonly seed: number; readonly rule: string } | undefined
}

export interface MutantFigures {
  readonly mutants: number
  readonly killed: number
  readonly survivors: readonly string[]
}

/** A mutant may make a world hang: whatever says nothing for so long is found. */
const patienceMs = 60_000

/** `processes` mutants live at once, each in worlds one after the other. */
export async function runMutants(
  planted: readonly Mutant[],
  seeds: readonly number[],
  processes: number,
  onOutcome: (outcome: MutantOutcome) => void = () => undefined,
): Promise<readonly MutantOutcome[]> {
  const bundles = openBundleFolder()
  const waiting = [...planted]
  const outcomes: MutantOutcome[] = []
  const work = async (): Promise<void> => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const bundle = await bundleWorker(bundles.folder, mutant.id, 'memory', [mutant])
      const order = { bundle, seeds, processes: 1, stopsAtViolation: true, tellsAll: false, patienceMs }
      const found = (await runWorkers(order)).find(({ violations }) => violations.length > 0)
      const [violation] = found?.violations ?? []
      const foundBy =
        found === undefined || violation === undefined
          ? undefined
          : { seed: found.seed, rule: violation.rule }
      const outcome = { id: mutant.id, foundBy }
      outcomes.push(outcome)
      onOutcome(outcome)
    }
  }
  try {
    await Promise.all(Array.from({ length: processes }, work))
  } finally {
    bundles.remove()
  }
  return outcomes
}

export function figuresOfMutants(outcomes: readonly MutantOutcome[]): MutantFigures {
  const survivors = outcomes.filter(({ foundBy }) => foundBy === undefined).map(({ id }) => id)
  return { mutants: outcomes.length, killed: outcomes.length - survivors.length, survivors: survivors.sort() }
}
