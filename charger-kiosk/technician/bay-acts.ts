/**
 * What a technician does at a bay. Nothing here can begin a charge: OCPP closes a contactor only for a transaction with a
 * vehicle, so the test shows what can be shown without one: that the bay obeys when it is closed and opened, that its meter
 * stands still meanwhile, and that its lock moves. It begins by taking the bay out of service in writing, so that no
 * driver comes in between, and whatever breaks it off leaves the bay closed.
 */

import type { Timers } from '@/lib/core/clock'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import { durationMs } from '@/lib/core/units'
import { connectorId as ocppConnector, type ChargePointIdentity, type ConnectorId } from '../ocpp/ids'
import type { ChargerCommands, CommandResult } from '../ocpp/port'
import type { ActedFacts, BayFacts, TechnicianPost } from '../controller/technician-post'
import type { TechnicianTestStep, Verdict } from '../screen-protocol-technician'
import type { ChargerNotes, SocketNote } from './charger-notes'

/** A charger says its new status within a second or two; a reading may wait for its meter. */
const answerMs = 12_000
/** Between the two readings of the test. */
const stillMs = 4_000

export interface BayActParts {
  readonly post: TechnicianPost
  readonly notes: ChargerNotes
  readonly timers: Timers
  readonly charger: (identity: NonNullable<BayFacts['address']>['identity']) => ChargerCommands | undefined
}

interface Place {
  readonly facts: BayFacts
  readonly commands: ChargerCommands
  readonly evse: ConnectorId
  readonly note: () => SocketNote
}

export class BayActs {
  readonly #parts: BayActParts

  constructor(parts: BayActParts) {
    this.#parts = parts
  }

  async readMeter(connectorId: number): Promise<Result<string, ReasonCode>> {
    const place = this.#place(connectorId)
    if (!place.ok) return place
    const reading = await this.#freshReading(place.value)
    if (reading === undefined) return err('technician.no-answer')
    return ok(`register ${reading.registerWh ?? 'unknown'} Wh, power ${reading.powerW ?? 'unknown'} W`)
  }

  /** A lock that opens under a session would end it; whoever wants that presses Stop. */
  async unlock(connectorId: number): Promise<Result<string, ReasonCode>> {
    const place = this.#place(connectorId)
    if (!place.ok) return place
    if (place.value.facts.hasSession) return err('technician.in-use')
    const answer = await place.value.commands.unlock(place.value.evse)
    return answer.ok ? ok('unlocked') : err(reasonOf(answer))
  }

  async setService(
    connectorId: number,
    isInService: boolean,
    event: ActedFacts,
  ): Promise<Result<void, ReasonCode>> {
    const place = this.#place(connectorId)
    // A charger that is away would stay closed, and nobody would see why.
    if (isInService && !place.ok) return place
    const written = await this.#parts.post.setService(connectorId, isInService, event)
    if (!written.ok) return err('charger.storage')
    // The charger is told as well, for cards that it would take by itself.
    if (place.ok) await place.value.commands.changeAvailability(place.value.evse, isInService)
    return ok(undefined)
  }

  /** A charger that was away when its bay was closed learns it when it comes back. */
  async tellClosed(identity: ChargePointIdentity): Promise<void> {
    const { post, charger } = this.#parts
    for (const { isTakenOut, address } of post.facts().bays) {
      if (!isTakenOut || address?.identity !== identity) continue
      await charger(identity)?.changeAvailability(ocppConnector(address.evseId), false)
    }
  }

  async test(
    connectorId: number,
    event: ActedFacts,
    onStep: (steps: readonly TechnicianTestStep[]) => void,
  ): Promise<Result<string, ReasonCode>> {
    const { post } = this.#parts
    const before = this.#place(connectorId)
    if (!before.ok) return before
    if (!isFree(before.value)) return err('technician.in-use')
    const closed = await post.setService(connectorId, false, event)
    if (!closed.ok) return err('charger.storage')
    // Somebody may have come while it was written.
    const place = this.#place(connectorId)
    if (!place.ok) return place
    const steps: TechnicianTestStep[] = []
    const add = (step: TechnicianTestStep['step'], verdict: Verdict): void => {
      steps.push({ step, verdict })
      onStep([...steps])
    }
    if (!place.value.facts.hasSession) await this.#steps(place.value, add)
    if (!before.value.facts.isTakenOut) {
      const reopened = await post.setService(connectorId, true, { ...event, detail: 'test ended' })
      if (!reopened.ok) return err('charger.storage')
      add('opens', await this.#obeys(place.value, true))
    }
    if (steps.length < 2) return err('technician.in-use')
    return ok(steps.map(({ step, verdict }) => `${step} ${verdict}`).join(', '))
  }

  async #steps(
    place: Place,
    add: (step: TechnicianTestStep['step'], verdict: Verdict) => void,
  ): Promise<void> {
    add('closes', await this.#obeys(place, false))
    add('still', await this.#standsStill(place))
    const unlocked = await place.commands.unlock(place.evse)
    add('lock', unlocked.ok ? 'good' : unlocked.error.code === 'not-supported' ? 'doubtful' : 'bad')
  }

  /** Says that it will, and then says that it is. */
  async #obeys(place: Place, isOperative: boolean): Promise<Verdict> {
    const wanted = (): boolean => (place.note().status !== 'Unavailable') === isOperative
    const answer = await place.commands.changeAvailability(place.evse, isOperative)
    if (!answer.ok) return answer.error.code === 'not-supported' ? 'doubtful' : 'bad'
    return (await this.#until(wanted)) ? 'good' : 'doubtful'
  }

  /** Energy through a closed bay means a contactor that sticks, or somebody at its cable. */
  async #standsStill(place: Place): Promise<Verdict> {
    const first = await this.#freshReading(place)
    if (first === undefined) return 'doubtful'
    await this.#pause(stillMs)
    const second = await this.#freshReading(place)
    if (second?.registerWh === undefined || first.registerWh === undefined) return 'doubtful'
    const isStill = second.registerWh === first.registerWh && (second.powerW ?? 0) === 0
    return isStill ? 'good' : 'bad'
  }

  async #freshReading(place: Place): Promise<SocketNote['sample']> {
    const { readings } = place.note()
    const asked = await place.commands.readMeter(place.evse)
    if (!asked.ok) return undefined
    return (await this.#until(() => place.note().readings > readings)) ? place.note().sample : undefined
  }

  #until(holds: () => boolean): Promise<boolean> {
    return new Promise((resolve) => {
      if (holds()) return resolve(true)
      const end = (answer: boolean): void => {
        stop()
        cancel()
        resolve(answer)
      }
      const stop = this.#parts.notes.onNews(() => (holds() ? end(true) : undefined))
      const cancel = this.#parts.timers.after(durationMs(answerMs), () => end(holds()))
    })
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#parts.timers.after(durationMs(ms), resolve))
  }

  #place(connectorId: number): Result<Place, ReasonCode> {
    const { post, charger, notes } = this.#parts
    const facts = post.facts().bays.find((bay) => bay.connectorId === connectorId)
    const address = facts?.address
    const commands = address === undefined ? undefined : charger(address.identity)
    if (facts === undefined || address === undefined) return err('api.malformed')
    if (commands?.isConnected() !== true) return err('charger.offline')
    const note = (): SocketNote => notes.socket(address.identity, address.evseId)
    return ok({ facts, commands, evse: ocppConnector(address.evseId), note })
  }
}

/** No session, and no vehicle on the cable. */
const isFree = ({ facts, note }: Place): boolean => {
  const { status } = note()
  return (
    !facts.hasSession &&
    (facts.phase === 'available' || facts.phase === 'unavailable') &&
    (status === undefined || status === 'Available' || status === 'Unavailable')
  )
}

const reasonOf = (answer: Extract<CommandResult, { ok: false }>): ReasonCode =>
  answer.error.code === 'timeout' || answer.error.code === 'disconnected'
    ? 'technician.no-answer'
    : 'charger.faulted'
