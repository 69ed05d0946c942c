/** Waits until a process that was just started works. */

import { setTimeout as pause } from 'node:timers/promises'
import { PlainFailure } from '../setup/plain-failure.mjs'
import type { ProcessGroup } from './process-group'

const startTimeoutMs = 60_000
const pollMs = 100
const answerTimeoutMs = 5_000

/** Rejects with a plain sentence when the process ends or does not get to work. */
export async function untilWorking(part: ProcessGroup, isWorking: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + startTimeoutMs
  while (!(await isWorking())) {
    const { name, logFile } = part.spec
    if (!part.isRunning()) {
      const why = part.lastComplaint()
      throw new PlainFailure(
        why === undefined ? `The ${name} ended while it was starting.` : `The ${name} ended: ${why}`,
        logFile,
      )
    }
    if (performance.now() > deadline) {
      throw new PlainFailure(
        `The ${name} did not get to work within ${startTimeoutMs / 1000} seconds.`,
        logFile,
      )
    }
    await pause(pollMs)
  }
}

/** The JSON that an address answers with, or undefined where it answers nothing, nonsense or a failure. */
export async function readJson(url: string, init?: RequestInit): Promise<unknown> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(answerTimeoutMs) })
    const body: unknown = await response.json()
    return response.ok ? body : undefined
  } catch {
    return undefined
  }
}

/** A field of an object that came as JSON. */
export const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined
