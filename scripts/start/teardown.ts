/** What has to be stopped at the end, in reverse order of its start; one failure does not keep the rest running. */

export interface Teardown {
  add(stop: () => Promise<void>): void
  /** Stops everything that was added; calling it again waits for the same end. */
  run(): Promise<void>
}

export function createTeardown(): Teardown {
  const stops: (() => Promise<void>)[] = []
  let running: Promise<void> | undefined
  async function stopAll(): Promise<void> {
    for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) {
      await stop().catch(() => undefined)
    }
  }
  return {
    add: (stop) => stops.push(stop),
    run: () => (running ??= stopAll()),
  }
}
