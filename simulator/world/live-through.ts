/** One world after the other, told on standard output: what a worker process does. */

import { runWorld, type WorldOutcome } from './run-world'
import type { OpenWorldCloud } from './world'

/** What a worker is told, as one JSON argument. */
export interface WorkOrder {
  readonly seeds: readonly number[]
  /** Ends after the first world that violates anything. */
  readonly stopsAtViolation: boolean
  /** Tells the story of every world, not only of those that violate something. */
  readonly tellsAll: boolean
}

/** One line of a worker. `story` is empty unless it is worth telling. */
export type WorldReport = WorldOutcome

export async function liveThrough(openCloud: OpenWorldCloud, args: readonly string[]): Promise<void> {
  const order = JSON.parse(args[0] ?? '{}') as WorkOrder
  let stray: unknown
  process.on('unhandledRejection', (error) => {
    stray = error
  })
  for (const seed of order.seeds) {
    stray = undefined
    const outcome = withStray(await runWorld(seed, openCloud), stray)
    const isWorthTelling = order.tellsAll || outcome.violations.length > 0
    process.stdout.write(`${JSON.stringify({ ...outcome, story: isWorthTelling ? outcome.story : [] })}\n`)
    if (order.stopsAtViolation && outcome.violations.length > 0) return
  }
}

/** A promise that nobody waited for has failed: a fault like any other. */
function withStray(outcome: WorldOutcome, stray: unknown): WorldOutcome {
  if (stray === undefined) return outcome
  const violation = { step: outcome.steps, rule: 'nothing breaks', detail: String(stray) }
  return { ...outcome, violations: [...outcome.violations, violation] }
}
