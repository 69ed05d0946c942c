// Progress on a terminal: a line for each step with its time; a spinner where the terminal can, a sign of life where not.

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const spinnerMs = 120
const silenceMs = 15_000

/** @param {number} ms */
export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`

/** @typedef {{ name: string, startedMs: number, detail: string }} ActiveStep */

/** @param {ActiveStep} step @param {number} nowMs */
const describe = (step, nowMs) =>
  `${step.name} ${seconds(nowMs - step.startedMs)}${step.detail ? ` (${step.detail})` : ''}`

/**
 * @param {{ write(text: string): unknown, isTTY?: boolean, columns?: number }} [stream] standard error when a
 *   machine reads standard output
 */
export function createProgress(stream = process.stdout) {
  const live = stream.isTTY === true
  const clear = live ? '\r\x1b[2K' : ''
  /** @type {Set<ActiveStep>} */
  const active = new Set()
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  let frame = 0

  const line = (text) => stream.write(`${clear}${text}\n`)

  function show() {
    const nowMs = performance.now()
    const text = [...active].map((step) => describe(step, nowMs)).join(' · ')
    frame += 1
    if (live)
      stream.write(
        `${clear}${`${spinner[frame % spinner.length]} ${text}`.slice(0, (stream.columns ?? 100) - 1)}`,
      )
    else stream.write(`  … ${text}\n`)
  }

  function watch() {
    if (active.size > 0) timer ??= setInterval(show, live ? spinnerMs : silenceMs)
    else {
      clearInterval(timer)
      timer = undefined
    }
  }

  /**
   * Runs one step and shows how it goes; steps may overlap. The step may say what it is busy with.
   * @template T
   * @param {string} name
   * @param {(busyWith: (detail: string) => void) => Promise<T>} run
   * @returns {Promise<T>}
   */
  async function step(name, run) {
    const entry = { name, startedMs: performance.now(), detail: '' }
    active.add(entry)
    watch()
    let mark = '✗'
    try {
      const value = await run((detail) => {
        entry.detail = detail
      })
      mark = '✓'
      return value
    } catch (failure) {
      entry.detail = ''
      throw failure
    } finally {
      active.delete(entry)
      watch()
      line(`${mark} ${describe(entry, performance.now())}`)
    }
  }

  return { step, line }
}

/** @typedef {ReturnType<typeof createProgress>} Progress */
