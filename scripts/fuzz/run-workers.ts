/** The fuzzer's worker processes side by side. One that falls silent hangs in an input: it is killed and replaced. */

import { fork } from 'node:child_process'
import { inProject } from '../setup/root.mjs'
import type { Finding, FuzzFigures } from './fuzz'
import { batchInputs, type BatchReport, type WorkOrder } from './worker'

export interface FuzzOrder {
  readonly seed: string
  readonly first: number
  readonly runs: number
  readonly workers: number
  /** After every batch of any worker. */
  readonly onProgress: (runs: number, findings: number) => void
}

/** A batch takes well below a second on a slow machine. */
const silenceMs = 60_000

export async function runWorkers(order: FuzzOrder): Promise<FuzzFigures> {
  const total = new Total(order.onProgress)
  const shares = Array.from({ length: order.workers }, (_, index): WorkOrder => ({
    seed: order.seed,
    first: order.first + index,
    step: order.workers,
    count: Math.ceil((order.runs - index) / order.workers),
  }))
  await Promise.all(shares.map((share) => runShare(share, total)))
  return total.figures()
}

async function runShare(share: WorkOrder, total: Total): Promise<void> {
  let left = share
  while (left.count > 0) {
    const { done, hung } = await runWorker(left, total)
    const skipped = hung ? Math.min(done + batchInputs, left.count) : done
    if (hung) {
      const from = left.first + done * left.step
      total.addHang({
        kind: 'hang',
        target: '',
        number: from,
        detail: `never ended; one of ${batchInputs} inputs from here on, every ${left.step}.`,
        hex: '',
      })
    }
    left = { ...left, first: left.first + skipped * left.step, count: left.count - skipped }
  }
}

function runWorker(
  order: WorkOrder,
  total: Total,
): Promise<{ readonly done: number; readonly hung: boolean }> {
  return new Promise((resolve, reject) => {
    const child = fork(inProject('scripts/fuzz/fuzz-process.mjs'), [JSON.stringify(order)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    let done = 0
    let hung = false
    const giveUp = (): void => {
      hung = true
      child.kill('SIGKILL')
    }
    let watch = setTimeout(giveUp, silenceMs)
    child.on('message', (message) => {
      const batch = message as BatchReport
      done = batch.done
      total.add(batch.figures)
      clearTimeout(watch)
      watch = setTimeout(giveUp, silenceMs)
    })
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(watch)
      if (hung || code === 0) resolve({ done, hung })
      else reject(new Error(`A fuzzing process ended with ${code}`))
    })
  })
}

class Total {
  #sum: FuzzFigures = { runs: 0, accepted: 0, crashes: 0, hangs: 0, falseAccepts: 0, findings: [] }

  constructor(private readonly onProgress: FuzzOrder['onProgress']) {}

  add(batch: FuzzFigures): void {
    const sum = this.#sum
    this.#sum = {
      runs: sum.runs + batch.runs,
      accepted: sum.accepted + batch.accepted,
      crashes: sum.crashes + batch.crashes,
      hangs: sum.hangs + batch.hangs,
      falseAccepts: sum.falseAccepts + batch.falseAccepts,
      findings: [...sum.findings, ...batch.findings].slice(0, 20),
    }
    this.onProgress(this.#sum.runs, this.#sum.findings.length)
  }

  addHang(finding: Finding): void {
    this.#sum = { ...this.#sum, hangs: this.#sum.hangs + 1, findings: [...this.#sum.findings, finding] }
  }

  figures = (): FuzzFigures => this.#sum
}
