/** What happened in a world, line by line, and one hash over all of it: equal hashes, equal worlds. */

import { createHash } from 'node:crypto'

export interface Violation {
  readonly step: number
  /** Which invariant, in a few words that stay the same from seed to seed. */
  readonly rule: string
  readonly detail: string
}

export class Trace {
  readonly #hash = createHash('sha256')
  readonly lines: string[] = []
  readonly violations: Violation[] = []
  steps = 0

  /** One step of the scheduler. */
  step(text: string): void {
    this.steps += 1
    this.#write(`${this.steps} ${text}`)
  }

  /** Something that the step led to. */
  note(text: string): void {
    this.#write(`    ${text}`)
  }

  violate(rule: string, detail: string): void {
    if (this.violations.some((known) => known.rule === rule && known.detail === detail)) return
    this.violations.push({ step: this.steps, rule, detail })
    // A stack names files and lines, which differ from build to build: it is told, and not part of the hash.
    const [first = ''] = detail.split('\n')
    this.#write(`    VIOLATED: ${rule}: ${first}`)
  }

  /** Ends the trace. */
  digest(): string {
    return this.#hash.digest('hex')
  }

  #write(line: string): void {
    this.#hash.update(`${line}\n`)
    this.lines.push(line)
  }
}

/** Enough of an id to tell it from its neighbours in a story. */
export const short = (id: string): string => id.slice(0, 8)
