/** Runs tasks one after another. What strangers cause is bounded by `push`; what is ours joins by `append`. */

export class SerialQueue {
  readonly #waitingMax: number
  #waiting = 0
  #tail: Promise<unknown> = Promise.resolve()

  constructor(waitingMax: number) {
    this.#waitingMax = waitingMax
  }

  /** The task's promise, or undefined when too many wait. */
  push<T>(task: () => Promise<T>): Promise<T> | undefined {
    return this.#waiting >= this.#waitingMax ? undefined : this.append(task)
  }

  /** A task that fails does not stop the ones behind it. */
  append<T>(task: () => Promise<T>): Promise<T> {
    this.#waiting += 1
    const run = this.#tail.then(task).finally(() => {
      this.#waiting -= 1
    })
    this.#tail = run.catch(() => undefined)
    return run
  }

  get isIdle(): boolean {
    return this.#waiting === 0
  }

  /** Settles when everything queued so far has. */
  async idle(): Promise<void> {
    await this.#tail
  }
}
