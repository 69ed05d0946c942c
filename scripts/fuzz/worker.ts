/** Inside a worker process: runs its share of the inputs in batches and says after each how far it is. */

import { allTargets, Fuzzer, type FuzzFigures } from './fuzz'

/** Every `step`-th input from `first` on. */
export interface WorkOrder {
  readonly seed: string
  readonly first: number
  readonly step: number
  readonly count: number
}

/** `figures` are those of the batch alone, so that a worker that has to be killed loses one batch at most. */
export interface BatchReport {
  readonly done: number
  readonly figures: FuzzFigures
}

export const batchInputs = 250

export async function work(order: WorkOrder): Promise<void> {
  const targets = await allTargets()
  for (let done = 0; done < order.count;) {
    const fuzzer = new Fuzzer(targets)
    const count = Math.min(batchInputs, order.count - done)
    fuzzer.run(order.seed, order.first + done * order.step, count, order.step)
    done += count
    await report({ done, figures: fuzzer.figures() })
  }
}

/** Resolves when the parent's end has it: a fast worker must not fill the pipe. */
const report = (batch: BatchReport): Promise<void> =>
  new Promise((resolve, reject) => {
    process.send?.(batch, (error: Error | null) => (error === null ? resolve() : reject(error)))
  })
