/**
 * The books of one operator in memory, for simulated worlds: the same promises as PostgreSQL gives, without a disk and
 * without chance. One transaction runs at a time; whatever it wrote is taken back when it throws, when its commit is
 * lost, or when the process "dies" in the middle of it. `faults` lets a world choose what goes wrong.
 */

import type { MemoryOperator } from './memory-operator'
import { MemoryTables } from './memory-tables'
import { MemoryTransaction } from './memory-transaction'
import type { ReconcileStore, ReconcileTransaction } from './store'

/** What may become of a commit. After each but `done` the caller gets the same error and cannot tell them apart. */
export type CommitFate = 'done' | 'lost' | 'done-unknown'

export interface MemoryFaults {
  /** Before each operation of a transaction; a throw ends the transaction there, as a lost connection would. */
  beforeStep?(operation: string): void
  onCommit?(): CommitFate
}

/** Thrown where a connection to a real database would break. */
export class StoreFailure extends Error {}

export class MemoryStore implements ReconcileStore {
  readonly tables = new MemoryTables()
  private last: Promise<unknown> = Promise.resolve()
  private lives = 1

  constructor(
    readonly operator: MemoryOperator,
    private readonly faults: MemoryFaults = {},
  ) {}

  transaction<T>(work: (tx: ReconcileTransaction) => Promise<T>): Promise<T> {
    const life = this.lives
    const run = this.last.then(() => this.run(life, work))
    this.last = run.catch(() => undefined)
    return run
  }

  /** The process dies: what is not committed is gone, and whatever still runs for it finds its connection broken. */
  crash(): void {
    this.lives += 1
    this.tables.rollBack()
    this.last = Promise.resolve()
  }

  private async run<T>(life: number, work: (tx: ReconcileTransaction) => Promise<T>): Promise<T> {
    const mustLive = (): void => {
      if (life !== this.lives) throw new StoreFailure('The process that asked is dead')
    }
    try {
      mustLive()
      const tx = new MemoryTransaction(this.tables, this.operator, (operation) => {
        mustLive()
        this.faults.beforeStep?.(operation)
      })
      const result = await work(tx)
      mustLive()
      const fate = this.faults.onCommit?.() ?? 'done'
      if (fate !== 'lost') this.tables.commit()
      if (fate !== 'done') throw new StoreFailure('Nobody knows whether the transaction was committed')
      return result
    } catch (error) {
      if (life === this.lives) this.tables.rollBack()
      throw error
    }
  }
}
