/**
 * Keeps every bay under its current by profiles that the charger itself obeys: a safe low default for each transaction, and
 * above it a short-lived profile of each session, renewed while this controller lives. When the controller or the link is
 * lost, the profile runs out and the current falls to the default by itself (link loss has tripped main breakers). A little
 * over 300 lines: what a charger was told, what it answered and what it is told next are one state.
 */

import type { CancelTimer, Clock, Timers } from '@/lib/core/clock'
import { addSeconds, durationMs } from '@/lib/core/units'
import {
  amperes,
  connectorId as ocppConnector,
  type Amperes,
  type ChargePointIdentity,
  type TransactionId,
} from '../ocpp/ids'
import type { ChargerCommands, CommandResult } from '../ocpp/port'
import type { ConnectorState } from '../session/connector-state'
import type { BayAddress } from './bays'
import { leastA, sharePower, type Sharer } from './power-shares'

export interface PowerSettings {
  /** Of a transaction without a profile of its own; 0 is no power at all, undefined sets none. */
  readonly safeDefaultA?: Amperes
  /** Of a whole charger. */
  readonly stationMaxA?: ReadonlyMap<ChargePointIdentity, Amperes>
  /** What somebody beside us lets a bay draw: it can lower and never raise. */
  readonly outside?: OutsideLimits
  /** Default 180: how long a charger without us goes on at the current of its session. */
  readonly profileLifeS?: number
}

export interface OutsideLimits {
  /** Amperes per phase; undefined where nothing is said. */
  ofBay(address: BayAddress, transactionId: TransactionId): number | undefined
  ofStation(identity: ChargePointIdentity): number | undefined
}

/** What the keeper needs of the shell. */
interface Watched {
  readonly ports: {
    readonly charger: (identity: ChargePointIdentity) => ChargerCommands | undefined
    readonly clock: Clock
    readonly timers: Timers
    readonly log?: (what: string, facts: Readonly<Record<string, string>>) => void
  }
  readonly connectors: readonly ConnectorState[]
  addressOf(bay: number): BayAddress | undefined
}

/** The last profile that a bay's charger was given. */
interface Given {
  readonly transactionId: TransactionId
  /** Undefined until its first. */
  readonly limitA: Amperes | undefined
  readonly renewAtMs: number
}

/** Where nothing caps a session, chargers cut this down to what they can. */
const chargersOwn = amperes(1_000)
const defaultLifeS = 180
/** Renewed three times in a life, so that two answers may be lost. */
const renewalsALife = 3
const againMs = 5_000
/** Where the least is not there for all, whoever waits changes this often. */
const turnMs = 900_000
/** A charger that has not heard the answer to its start does not know the transaction yet, and would say no. */
const firstAfterMs = 500
/** A charger that says no this often in a row does not do profiles of transactions. */
const refusalsMax = 3

export class PowerKeeper {
  readonly #shell: Watched
  readonly #settings: PowerSettings
  readonly #given = new Map<number, Given>()
  /** Chargers that took the default: their sessions need a profile to lift it. */
  readonly #defaulted = new Set<ChargePointIdentity>()
  readonly #refusals = new Map<ChargePointIdentity, number>()
  /** Chargers that took the default and no profile of a session: their caps are told by the default; undefined: cleared. */
  readonly #byDefault = new Map<ChargePointIdentity, Amperes | 'safe' | undefined>()
  readonly #asking = new Set<number>()
  /** The last maximum of a whole charger that it was told. */
  readonly #stationTold = new Map<ChargePointIdentity, Amperes>()
  #commands = 0
  #cancel: CancelTimer = () => undefined
  #isStopped = false

  constructor(shell: Watched, settings: PowerSettings = {}) {
    this.#shell = shell
    this.#settings = settings
  }

  /** A command is under way. */
  get isBusy(): boolean {
    return this.#commands > 0
  }

  stop(): void {
    this.#isStopped = true
    this.#cancel()
  }

  /** The charger is new, or may have lost what it was told: maximum and default come first. */
  async setUp(identity: ChargePointIdentity): Promise<void> {
    const { safeDefaultA, stationMaxA } = this.#settings
    const charger = this.#shell.ports.charger(identity)
    const maxA = this.#stationMaxOf(identity, stationMaxA?.get(identity))
    this.#refusals.delete(identity)
    this.#byDefault.delete(identity)
    if (charger === undefined) return
    const outcomes: Record<string, string> = {}
    if (maxA !== undefined) {
      this.#stationTold.set(identity, maxA)
      outcomes['stationMax'] = codeOf(
        await this.#ask(charger.setProfile({ purpose: 'station-max', limitA: maxA })),
      )
    }
    if (safeDefaultA !== undefined) {
      const told = await this.#ask(charger.setProfile({ purpose: 'tx-default', limitA: safeDefaultA }))
      outcomes['default'] = codeOf(told)
      if (told.ok) this.#defaulted.add(identity)
      else this.#defaulted.delete(identity)
    }
    // What it refuses is a fact about it, not a fault: its own limits hold, and the meter is watched.
    if (Object.keys(outcomes).length > 0)
      this.#shell.ports.log?.('charger-profiles', { identity, ...outcomes })
    this.#forget(identity)
    this.look()
  }

  /** Whether profiles do anything at this charger, as far as it has shown. */
  isObeyedBy(identity: ChargePointIdentity): boolean {
    return (this.#refusals.get(identity) ?? 0) < refusalsMax
  }

  /** What is said from outside has changed. */
  async outsideChanged(identity: ChargePointIdentity): Promise<void> {
    const charger = this.#shell.ports.charger(identity)
    const maxA = this.#settings.stationMaxA?.get(identity)
    const limitA = this.#stationMaxOf(identity, maxA) ?? chargersOwn
    this.look()
    if (charger?.isConnected() !== true || this.#stationTold.get(identity) === limitA) return
    if (limitA === chargersOwn && !this.#stationTold.has(identity)) return
    this.#stationTold.set(identity, limitA)
    await this.#ask(charger.setProfile({ purpose: 'station-max', limitA }))
  }

  #stationMaxOf(identity: ChargePointIdentity, ownA: Amperes | undefined): Amperes | undefined {
    const outsideA = this.#settings.outside?.ofStation(identity)
    const limits = [ownA, outsideA].filter((limit) => limit !== undefined)
    return limits.length === 0 ? undefined : amperes(Math.min(chargersOwn, ...limits))
  }

  /** Called after every job: cheap where nothing is due. */
  look(): void {
    if (this.#isStopped) return
    const nowMs = this.#shell.ports.clock.monotonicMs()
    const shares = this.#sharesAt(nowMs)
    for (const state of this.#shell.connectors) this.#lookAt(state, nowMs, shares)
    for (const identity of this.#byDefault.keys()) this.#tellByDefault(identity, shares)
    this.#arm(nowMs)
  }

  /** Of each charger whose cap several sessions share; a session that is alone there has the whole of it. */
  #sharesAt(nowMs: number): ReadonlyMap<number, number> {
    const turn = Math.floor(nowMs / turnMs)
    const groups = new Map<ChargePointIdentity, Sharer[]>()
    for (const state of this.#shell.connectors) {
      const identity = this.#shell.addressOf(state.connectorId)?.identity
      const capA = identity && this.#stationMaxOf(identity, this.#settings.stationMaxA?.get(identity))
      if (identity === undefined || capA === undefined || state.phase.kind !== 'charging') continue
      groups.set(identity, [...(groups.get(identity) ?? []), sharerOf(state, state.phase, capA)])
    }
    const shared = [...groups].filter(([, sharers]) => sharers.length > 1)
    return new Map(
      shared.flatMap(([identity, sharers]) => {
        const capA = this.#stationMaxOf(identity, this.#settings.stationMaxA?.get(identity)) ?? chargersOwn
        return [...sharePower(capA, sharers, turn)]
      }),
    )
  }

  #lookAt(state: ConnectorState, nowMs: number, shares: ReadonlyMap<number, number>): void {
    const bay = state.connectorId
    const address = this.#shell.addressOf(bay)
    const given = this.#given.get(bay)
    if (address === undefined) return
    // A lost link is no reason to wait for the next turn when it is back.
    if (!state.hardware.isLinked) return void this.#given.delete(bay)
    if (!('running' in state.phase)) {
      if (given !== undefined) this.#takeAway(address)
      return
    }
    if (state.phase.kind !== 'charging') return
    const { transactionId, toldMa } = state.phase.running
    const limitA = this.#limitOf(address, transactionId, toldMa, shares.get(bay))
    if (this.#asking.has(bay)) return
    // Nothing to tell, so nothing to renew.
    if (limitA === undefined) return void this.#given.delete(bay)
    if (given?.transactionId !== transactionId) {
      this.#given.set(bay, { transactionId, limitA: undefined, renewAtMs: nowMs + firstAfterMs })
      return
    }
    const isChanged = given.limitA !== undefined && given.limitA !== limitA
    if (isChanged || nowMs >= given.renewAtMs) void this.#give(address, transactionId, limitA)
  }

  /** Undefined where the charger needs no profile: nothing caps this session, and no default stands in its way. */
  #limitOf(
    address: BayAddress,
    transactionId: TransactionId,
    toldMa: number | undefined,
    shareA: number | undefined,
  ): Amperes | undefined {
    const { identity, bay } = address
    if ((this.#refusals.get(identity) ?? 0) >= refusalsMax) return undefined
    const capA = this.#capOf(address, transactionId, toldMa, shareA)
    if (capA !== undefined) return capA
    // What was told from outside, or because others charged too, and counts no more has to be lifted too.
    const hadLimit = this.#given.get(bay)?.limitA !== undefined
    return this.#defaulted.has(identity) || hadLimit ? chargersOwn : undefined
  }

  #capOf(
    address: BayAddress,
    transactionId: TransactionId,
    toldMa: number | undefined,
    shareA: number | undefined,
  ): Amperes | undefined {
    const toldA = toldMa === undefined ? undefined : Math.floor(toldMa / 1_000)
    const outsideA = this.#settings.outside?.ofBay(address, transactionId)
    const limits = [toldA, outsideA, shareA].filter((limit) => limit !== undefined)
    return limits.length === 0 ? undefined : amperes(Math.min(chargersOwn, ...limits))
  }

  /** One default for all of its bays, so the strictest; the last one stays until somebody charges again. */
  #tellByDefault(identity: ChargePointIdentity, shares: ReadonlyMap<number, number>): void {
    const charger = this.#shell.ports.charger(identity)
    const charging = this.#shell.connectors.flatMap(({ connectorId, phase, hardware }) => {
      const address = this.#shell.addressOf(connectorId)
      const isOurs = address?.identity === identity && hardware.isLinked && phase.kind === 'charging'
      return isOurs ? [{ address, bay: connectorId, running: phase.running }] : []
    })
    if (charger === undefined || charging.length === 0) return
    const caps = charging.flatMap(({ address, bay, running: { transactionId, toldMa } }) => {
      return this.#capOf(address, transactionId, toldMa, shares.get(bay)) ?? []
    })
    const capA = caps.length === 0 ? undefined : amperes(Math.min(...caps))
    if (this.#byDefault.get(identity) === capA) return
    this.#byDefault.set(identity, capA)
    void this.#ask(
      capA === undefined
        ? charger.clearProfile('tx-default')
        : charger.setProfile({ purpose: 'tx-default', limitA: capA }),
    )
  }

  async #give(
    { bay, identity, evseId }: BayAddress,
    transactionId: TransactionId,
    limitA: Amperes,
  ): Promise<void> {
    const charger = this.#shell.ports.charger(identity)
    if (charger === undefined) return
    const { clock } = this.#shell.ports
    const lifeS = this.#settings.profileLifeS ?? defaultLifeS
    this.#asking.add(bay)
    const told = await this.#ask(
      charger.setProfile({
        purpose: 'tx',
        connectorId: ocppConnector(evseId),
        transactionId,
        limitA,
        validUntilS: addSeconds(clock.nowS(), lifeS),
      }),
    )
    this.#asking.delete(bay)
    const waitMs = told.ok ? (lifeS * 1_000) / renewalsALife : againMs
    this.#given.set(bay, { transactionId, limitA, renewAtMs: clock.monotonicMs() + waitMs })
    if (told.ok) this.#refusals.delete(identity)
    else this.#refused(identity, told.error.code)
    this.look()
  }

  /**
   * A safe default that no session can lift would throttle every driver for good. It is taken away, or, where something
   * caps a session, put at that cap.
   */
  #refused(identity: ChargePointIdentity, code: string): void {
    if (code !== 'rejected' && code !== 'not-supported') return
    const refusals = code === 'not-supported' ? refusalsMax : (this.#refusals.get(identity) ?? 0) + 1
    this.#refusals.set(identity, refusals)
    if (refusals < refusalsMax) return
    this.#shell.ports.log?.('charger-profiles', { identity, session: code })
    if (this.#defaulted.delete(identity)) this.#byDefault.set(identity, 'safe')
  }

  #takeAway({ bay, identity, evseId }: BayAddress): void {
    this.#given.delete(bay)
    const charger = this.#shell.ports.charger(identity)
    if (charger !== undefined) void this.#ask(charger.clearProfile({ connectorId: ocppConnector(evseId) }))
  }

  #forget(identity: ChargePointIdentity): void {
    for (const bay of [...this.#given.keys()]) {
      if (this.#shell.addressOf(bay)?.identity === identity) this.#given.delete(bay)
    }
  }

  async #ask(command: Promise<CommandResult>): Promise<CommandResult> {
    this.#commands += 1
    try {
      return await command
    } finally {
      this.#commands -= 1
    }
  }

  #arm(nowMs: number): void {
    this.#cancel()
    const dueMs = Math.min(...[...this.#given.values()].map(({ renewAtMs }) => renewAtMs))
    if (!Number.isFinite(dueMs)) return
    const waitMs = durationMs(Math.max(1, Math.ceil(dueMs - nowMs)))
    this.#cancel = this.#shell.ports.timers.after(waitMs, () => this.look())
  }
}

function sharerOf(
  { connectorId, hardware }: ConnectorState,
  { running, session }: Extract<ConnectorState['phase'], { kind: 'charging' }>,
  capA: number,
): Sharer {
  const maxA = Math.min(capA, running.toldMa === undefined ? capA : Math.floor(running.toldMa / 1_000))
  // A full vehicle must not hold back what others could take, and may ask again at any time.
  const isTaking = hardware.status !== 'SuspendedEV' && hardware.status !== 'Finishing'
  return { bay: connectorId, weight: session.weight ?? 1, maxA: isTaking ? maxA : Math.min(leastA, maxA) }
}

const codeOf = (result: CommandResult): string => (result.ok ? 'accepted' : result.error.code)
