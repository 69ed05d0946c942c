/** The door to the LAN: shut until somebody at the touchscreen opens it, and shut again with them or after half an hour. */

import type { CancelTimer, Clock, Random, Timers } from '@/lib/core/clock'
import { err, ok, type Result } from '@/lib/core/result'
import { durationMs } from '@/lib/core/units'
import type { TechnicianLan, TechnicianPlace } from '../screen-protocol-technician'
import { lanLifeMs, LanSession, type LanEntry } from './lan-session'

/** A server that listens while it is wanted. Fails with one plain sentence. */
export interface LanDoor {
  listen(): Promise<Result<OpenDoor, string>>
}

export interface OpenDoor {
  readonly addresses: readonly string[]
  readonly fingerprint: string | null
  close(): Promise<void>
}

interface Standing {
  readonly door: OpenDoor
  readonly session: LanSession
}

export class LanDesk {
  readonly #door: LanDoor
  readonly #clock: Pick<Clock, 'monotonicMs'>
  readonly #timers: Timers
  readonly #listeners = new Set<() => void>()
  #standing: Standing | undefined
  #cancelEnd: CancelTimer = () => undefined

  constructor(door: LanDoor, clock: Pick<Clock, 'monotonicMs'>, timers: Timers) {
    this.#door = door
    this.#clock = clock
    this.#timers = timers
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** With a new password; whoever was in is out. */
  async open(random: Random, nowMs: number): Promise<Result<void, string>> {
    await this.close()
    const door = await this.#door.listen()
    if (!door.ok) return err(door.error)
    this.#standing = { door: door.value, session: new LanSession(random, nowMs) }
    this.#cancelEnd = this.#timers.after(durationMs(lanLifeMs), () => void this.close())
    this.#changed()
    return ok(undefined)
  }

  async close(): Promise<void> {
    const standing = this.#standing
    this.#cancelEnd()
    this.#standing = undefined
    if (standing === undefined) return
    await standing.door.close()
    this.#changed()
  }

  enter(password: string): LanEntry {
    const { session } = this.#standing ?? {}
    const entry = session?.enter(password, this.#clock.monotonicMs()) ?? { ok: false, isOver: true }
    // Guesses after the right one must not throw out who is in.
    if (!entry.ok && entry.isOver && session?.isUsed !== true) void this.close()
    this.#changed()
    return entry
  }

  holds(cookie: string | undefined): boolean {
    return this.#standing?.session.holds(cookie, this.#clock.monotonicMs()) === true
  }

  told(place: TechnicianPlace, nowMs: number): TechnicianLan | undefined {
    if (this.#standing === undefined) return undefined
    const { door, session } = this.#standing
    return {
      addresses: door.addresses,
      fingerprint: door.fingerprint,
      password: place === 'screen' ? (session.password ?? null) : null,
      isUsed: session.isUsed,
      leftS: Math.max(0, Math.ceil((session.endsMs - nowMs) / 1_000)),
    }
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}
