/** Ctrl-C, `kill` and a closed terminal, as a promise; a second Ctrl-C ends the starter at once. */

export class Interrupted extends Error {
  constructor() {
    super('interrupted')
    this.name = 'Interrupted'
  }
}

export interface Interruption {
  /** Resolves at the first signal. */
  readonly happened: Promise<void>
  /** Gives the work's result, or throws Interrupted as soon as the signal comes. */
  during<T>(work: Promise<T>): Promise<T>
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export function listenForInterruption(): Interruption {
  const happened = new Promise<void>((resolve) => {
    let count = 0
    for (const signal of signals) {
      process.on(signal, () => {
        count += 1
        // The guard process ends what is left behind.
        if (count > 1) process.exit(130)
        resolve()
      })
    }
  })
  const thrown = happened.then((): never => {
    throw new Interrupted()
  })
  thrown.catch(() => undefined)
  return { happened, during: (work) => Promise.race([work, thrown]) }
}
