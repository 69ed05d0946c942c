/** Waits until a process that was just started answers over HTTP. */

import { setTimeout as pause } from 'node:timers/promises'
import { PlainFailure } from '../setup/plain-failure.mjs'
import type { ProcessGroup } from './process-group'

const startTimeoutMs = 60_000
const pollMs = 100

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}

/** Rejects with a plain sentence when the process ends or stays silent. */
export async function untilServing(part: ProcessGroup, url: string): Promise<void> {
  const deadline = performance.now() + startTimeoutMs
  while (!(await answers(url))) {
    const { name, logFile } = part.spec
    if (!part.isRunning()) throw new PlainFailure(`The ${name} ended while it was starting.`, logFile)
    if (performance.now() > deadline) {
      throw new PlainFailure(`The ${name} did not answer within ${startTimeoutMs / 1000} seconds.`, logFile)
    }
    await pause(pollMs)
  }
}
