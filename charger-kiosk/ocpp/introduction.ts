/**
 * What is said to a charger when a link is new: its configuration, unless it has it, and the question how things
 * stand. A charger that only lost the link sends no BootNotification and no status of its own accord.
 */

import type { CancelTimer, Timers } from '@/lib/core/clock'
import { durationMs } from '@/lib/core/units'
import type { ChargerCommands, ConfigurationOutcome } from './port'
import { applyConfiguration, isAnswered, type Setting } from './set-up'

type Outcomes = Readonly<Record<string, ConfigurationOutcome>>

/** A charger that starts afresh says so within this time. */
const bootGraceMs = durationMs(1_000)
/** Lets the answer to a BootNotification go out first. */
const afterBootMs = durationMs(100)

export class Introduction {
  readonly #timers: Timers
  readonly #commands: ChargerCommands
  readonly #settings: () => Promise<readonly Setting[]>
  readonly #onConfigured: (outcomes: Outcomes) => void
  #isConfigured = false
  #cancel: CancelTimer = () => undefined

  constructor(
    timers: Timers,
    commands: ChargerCommands,
    settings: () => Promise<readonly Setting[]>,
    onConfigured: (outcomes: Outcomes) => void,
  ) {
    this.#timers = timers
    this.#commands = commands
    this.#settings = settings
    this.#onConfigured = onConfigured
  }

  connected(): void {
    this.#schedule(bootGraceMs)
  }

  /** A restart may have lost settings that want a reboot, or brought the factory's back. */
  restarted(): void {
    this.#isConfigured = false
    this.#schedule(afterBootMs)
  }

  /** The settings given so far were another version's. */
  forget(): void {
    this.#isConfigured = false
  }

  disconnected(): void {
    this.#cancel()
  }

  #schedule(delayMs: typeof bootGraceMs): void {
    this.#cancel()
    this.#cancel = this.#timers.after(delayMs, () => void this.#introduce())
  }

  /** Commands resolve always, so this does too. */
  async #introduce(): Promise<void> {
    await this.#commands.trigger('StatusNotification')
    await this.#commands.trigger('MeterValues')
    if (this.#isConfigured) return
    const settings = await this.#settings()
    const outcomes = await applyConfiguration(this.#commands, settings)
    this.#isConfigured = settings.every(([key]) => isAnswered(outcomes[key]))
    this.#onConfigured(outcomes)
  }
}
