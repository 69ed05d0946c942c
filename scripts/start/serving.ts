/** Waits until a process that was just started works. */

import { setTimeout as pause } from 'node:timers/promises'
import { PlainFailure } from '../setup/plain-failure.mjs'
import type { ProcessGroup } from './process-group'

const startTimeoutMs = 60_000
const pollMs = 100
const answerTimeoutMs = 5_000

const anySentence = /^\p{Lu}.*\.$/u

/**
 * Rejects with a plain sentence when the process ends or does not get to work.
 * @param hopeless a line on standard error after which waiting makes no sense, though the process lives
 */
export async function untilWorking(
  part: ProcessGroup,
  isWorking: () => Promise<boolean>,
  hopeless?: RegExp,
): Promise<void> {
  const deadline = performance.now() + startTimeoutMs
  const { name, logFile } = part.spec
  const giveUp = (what: string, why: string | undefined): PlainFailure =>
    new PlainFailure(why === undefined ? `The ${name} ${what}.` : why, logFile)
  while (!(await isWorking())) {
    if (!part.isRunning()) throw giveUp('ended while it was starting', part.complaint(anySentence))
    const complaint = hopeless === undefined ? undefined : part.complaint(hopeless)
    if (complaint !== undefined) throw giveUp('cannot start', complaint)
    if (performance.now() > deadline) {
      throw giveUp(`did not get to work within ${startTimeoutMs / 1000} seconds`, undefined)
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
