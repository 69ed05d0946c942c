/** Worker processes side by side, each with its share of the seeds; their worlds come back as they end. */

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { WorkOrder, WorldReport } from '@/simulator/world/live-through'

export interface WorkersOptions extends WorkOrder {
  readonly bundle: string
  readonly processes: number
  readonly env?: Readonly<Record<string, string>>
  /** A worker that says nothing for so long hangs in a world. */
  readonly patienceMs?: number
  readonly onWorld?: (report: WorldReport) => void
}

const defaultPatienceMs = 120_000
/** Worlds leave much behind that is young: with more room for it, less of it is moved before it is gone. */
const nodeOptions = ['--enable-source-maps', '--max-semi-space-size=64']

/** In the order of their seeds. A worker that dies or hangs is a violation in the world that it was in. */
export async function runWorkers(options: WorkersOptions): Promise<readonly WorldReport[]> {
  const { seeds, processes } = options
  const shares = Array.from({ length: Math.min(processes, seeds.length) }, (_, share) =>
    seeds.filter((_seed, index) => index % processes === share),
  )
  const reports = await Promise.all(shares.map((share) => runWorker(share, options)))
  return reports.flat().sort((left, right) => left.seed - right.seed)
}

function runWorker(
  seeds: readonly number[],
  { bundle, env, stopsAtViolation, tellsAll, patienceMs = defaultPatienceMs, onWorld }: WorkersOptions,
): Promise<readonly WorldReport[]> {
  const order: WorkOrder = { seeds, stopsAtViolation, tellsAll }
  const child = spawn(process.execPath, [...nodeOptions, bundle, JSON.stringify(order)], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const reports: WorldReport[] = []
  let complaint = ''
  let hangs = false
  let alarm: NodeJS.Timeout
  const wind = (): void => {
    clearTimeout(alarm)
    alarm = setTimeout(() => {
      hangs = true
      child.kill('SIGKILL')
    }, patienceMs)
  }
  wind()
  child.stderr.on(
    'data',
    (chunk: Buffer) => (complaint = `${complaint}${chunk.toString()}`.slice(-complaintMax)),
  )
  createInterface({ input: child.stdout }).on('line', (line) => {
    wind()
    const report = JSON.parse(line) as WorldReport
    reports.push(report)
    onWorld?.(report)
  })
  return new Promise((resolve) => {
    child.once('close', (code) => {
      clearTimeout(alarm)
      const next = seeds[reports.length]
      const isDone = next === undefined || (stopsAtViolation && (reports.at(-1)?.violations.length ?? 0) > 0)
      if (isDone && code === 0) return resolve(reports)
      const detail = hangs
        ? `no word for ${patienceMs} ms`
        : `the worker ended with ${code}: ${complaint.trim()}`
      const report = brokenWorld(next ?? seeds.at(-1) ?? 0, detail)
      onWorld?.(report)
      resolve([...reports, report])
    })
  })
}

const complaintMax = 2_000

const brokenWorld = (seed: number, detail: string): WorldReport => ({
  seed,
  steps: 0,
  traceHash: '',
  violations: [{ step: 0, rule: 'nothing breaks', detail }],
  story: [],
  lived: {},
})
