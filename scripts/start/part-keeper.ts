/**
 * Keeps one part running: starts it, starts it again when it dies by itself, and leaves it dead when it was killed on
 * purpose (the demo's power cut).
 */

import { PlainFailure } from '../setup/plain-failure.mjs'
import type { ProcessGroup } from './process-group'

/** More deaths than this within the window mean that starting again does not help. */
const deathsMax = 3
const windowMs = 60_000

export interface PartKeeper {
  readonly current: ProcessGroup | undefined
  start(): Promise<void>
  /** As a power cut would; stays down until it is started again. */
  kill(): Promise<void>
  stop(): Promise<void>
}

export interface KeeperPorts {
  /** Resolves when the part works. */
  launch(): Promise<ProcessGroup>
  nowMs(): number
  /** Something that the person at the terminal should know. */
  say(sentence: string): void
  /** It cannot be kept running. */
  giveUp(failure: PlainFailure): void
}

export function keepPart(name: string, ports: KeeperPorts): PartKeeper {
  let current: ProcessGroup | undefined
  let starting: Promise<void> | undefined
  let isWanted = false
  let deaths: readonly number[] = []

  async function launch(): Promise<void> {
    const part = await ports.launch()
    current = part
    void part.ended.then(() => onEnd(part))
    if (!isWanted) await part.stop()
  }

  function onEnd(part: ProcessGroup): void {
    if (current === part) current = undefined
    if (!isWanted) return
    const nowMs = ports.nowMs()
    deaths = [...deaths.filter((deathMs) => nowMs - deathMs < windowMs), nowMs]
    if (deaths.length > deathsMax) {
      ports.giveUp(
        new PlainFailure(`The ${name} ended ${deaths.length} times within a minute.`, part.spec.logFile),
      )
      return
    }
    ports.say(`The ${name} ended by itself; starting it again.`)
    begin().catch((failure: unknown) => {
      if (isWanted)
        ports.giveUp(failure instanceof PlainFailure ? failure : new PlainFailure(String(failure)))
    })
  }

  function begin(): Promise<void> {
    isWanted = true
    if (current !== undefined) return Promise.resolve()
    starting ??= launch().finally(() => {
      starting = undefined
    })
    return starting
  }

  async function end(how: 'kill' | 'stop'): Promise<void> {
    isWanted = false
    await starting?.catch(() => undefined)
    await current?.[how]()
  }

  return {
    get current() {
      return current
    },
    start: begin,
    kill: () => end('kill'),
    stop: () => end('stop'),
  }
}
