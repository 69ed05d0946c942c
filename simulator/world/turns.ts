/** Waits until everything that is under way without real time has come to its end. */

import { settled } from '@/simulator/charger/manual-time'

/** What a message between two twins in memory may need. */
const quietTurns = 2
/** Work in memory that goes on for longer is a bug. */
const turnsMax = 2_000

/** Work that leaves this process (a database) and must be waited for. */
export class UnderWay {
  readonly #waiting = new Set<Promise<unknown>>()

  /** The same object, with every call of it waited for. */
  watch<T extends object>(watched: T): T {
    return new Proxy(watched, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target)
        if (typeof member !== 'function') return member
        return (...args: unknown[]): unknown => {
          const result: unknown = Reflect.apply(member as (...args: unknown[]) => unknown, target, args)
          return result instanceof Promise ? this.#track(result) : result
        }
      },
    })
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#waiting.add(work)
    const done = (): void => void this.#waiting.delete(work)
    work.then(done, done)
    return work
  }

  /** Until nothing is tracked and `isIdle` has held for some turns of the event loop. */
  async settle(isIdle: () => boolean): Promise<void> {
    let quiet = 0
    for (let turn = 0; quiet < quietTurns; turn += 1) {
      if (turn > turnsMax) throw new Error('A world waits for work that never ends')
      await settled()
      if (this.#waiting.size > 0) await Promise.allSettled(this.#waiting)
      quiet = this.#waiting.size === 0 && isIdle() ? quiet + 1 : 0
    }
  }
}
