/**
 * One charger that is forwarded: puts what it says on its road, keeps the limits that the site CSMS sets, and lets commands
 * through by their table. Nothing that goes wrong here may reach the charger or a driver's session.
 */

import { createRPCError } from 'ocpp-rpc'
import type { CancelTimer } from '@/lib/core/clock'
import { limits } from '@/lib/core/limits'
import { durationMs, type EpochSeconds } from '@/lib/core/units'
import { IncidentGate } from '../ocpp/incident-gate'
import { field, integerField, textField } from '../ocpp/payload'
import type { HeardMessage, RawPayload } from '../ocpp/port'
import { SerialQueue } from '../ocpp/serial-queue'
import { transactionNumber } from '../ocpp/v201/transactions'
import type { CommandSide } from './command-side'
import { handleCommand } from './site-commands'
import { LimitBook } from './limit-book'
import type { ForwarderPorts, ForwardFigures } from './ports'
import { subprotocolOf, type ForwardTarget } from './settings'
import { SiteLink } from './site-link'
import type { Place } from './site-profile'
import {
  digestOf,
  ownIdIn,
  ownIdOfAnswer,
  roadOf,
  tagDigest,
  tagOfMessage,
  triggeredBootText,
  withoutPersons,
  type Road,
} from './told'

export class ForwardedCharger {
  readonly #target: ForwardTarget
  readonly #ports: ForwarderPorts
  readonly #link: SiteLink
  readonly #limits: LimitBook
  readonly #gate: IncidentGate
  readonly #notes: IncidentGate
  readonly #commands = new SerialQueue(limits.forwardCommandsWaitingMax)
  #isWrongVersion = false
  #refusedCommands = 0
  #cancelLimitChange: CancelTimer = () => undefined

  constructor(target: ForwardTarget, ports: ForwarderPorts) {
    this.#target = target
    this.#ports = ports
    this.#gate = new IncidentGate(ports.clock, limits.ocppIncidentsPerMinuteMax)
    this.#notes = new IncidentGate(ports.clock, limits.forwardNotesPerMinuteMax)
    this.#limits = new LimitBook(target, ports.outbox)
    this.#link = new SiteLink(target, {
      ...ports,
      onCommand: (action, params) => this.#command(action, params),
      onSetAside: ({ action }, reason) => {
        this.#incident('forward.set-aside', `${action} was not taken: ${reason}`)
      },
    })
  }

  start(): void {
    this.#link.start()
    this.#armLimits()
  }

  async close(): Promise<void> {
    this.#cancelLimitChange()
    await this.#link.close()
  }

  /** Translating between versions would make up what the charger never said. */
  linked(subprotocol: string): void {
    const { version, charger } = this.#target
    this.#isWrongVersion = subprotocol !== subprotocolOf(version)
    if (!this.#isWrongVersion) return this.#link.chargerCame()
    const detail = `${charger} speaks ${subprotocol}, its site CSMS ${subprotocolOf(version)}: nothing is forwarded`
    this.#ports.log('forward-wrong-version', { charger, detail })
    this.#incident('forward.wrong-version', detail)
    this.#link.chargerWent()
  }

  unlinked(): void {
    this.#link.chargerWent()
  }

  /** Before the charger hears its answer. A queue that cannot be written costs the site a message, never a driver a session. */
  heard(message: HeardMessage): void {
    const road = this.#isWrongVersion ? undefined : roadOf(message.action, message.payload)
    if (road === undefined) return
    try {
      this.#take(message, road)
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      this.#ports.log('forward-failed', { charger: this.#target.charger, detail })
      this.#incident('forward.not-kept', `${message.action}: ${detail}`)
    }
  }

  noteTag(tag: string): void {
    try {
      this.#ports.outbox.noteTag(this.#target.charger, tag)
    } catch (error) {
      // The site CSMS will see that somebody charged, and not under which tag.
      this.#ports.log('forward-failed', { charger: this.#target.charger, detail: String(error) })
    }
  }

  limitOf(place: Place): number | undefined {
    return this.#limits.ofPlace(place, this.#ports.clock.nowS())
  }

  stationLimit(): number | undefined {
    return this.#limits.ofStation(this.#ports.clock.nowS())
  }

  figures(nowS: EpochSeconds): ForwardFigures {
    const { charger } = this.#target
    const { oldestAtS, ...queue } = this.#ports.outbox.figures(charger)
    return {
      charger,
      standing: this.#isWrongVersion ? 'wrong-version' : this.#link.standing,
      fault: this.#link.fault,
      oldestUnsentS: oldestAtS === undefined ? 0 : Math.max(0, nowS - oldestAtS),
      refusedCommands: this.#refusedCommands,
      ...queue,
    }
  }

  #take(message: HeardMessage, road: Road): void {
    const { action, payload } = message
    const { outbox } = this.#ports
    const { charger } = this.#target
    switch (road.kind) {
      case 'boot':
        outbox.setFact(charger, 'boot', message.text)
        return this.#link.booted(message.text)
      case 'state':
        return this.#link.tellState(road.key, action, message.text)
      case 'passing':
        return this.#link.tellPassing(action, message.text)
      case 'kept': {
        const text = withoutPersons(message.text, payload, (tag) => outbox.isOwnTag(charger, tag))
        outbox.add({
          charger,
          action,
          payload: text,
          importance: road.importance,
          digest: digestOf(action, message.text),
          transactionId: this.#ownId(message),
          wasCutOff: !this.#link.isListening,
          heardAtS: message.atS,
          ...(action === 'StartTransaction' ? { startTag: tagDigest(tagOfMessage(payload) ?? '') } : {}),
        })
        const dropped = outbox.keepBounded(charger, this.#target.queueMax)
        if (dropped > 0) this.#incident('forward.dropped', `${dropped} messages: the queue is full`)
        return this.#link.wake()
      }
    }
  }

  /** By number, by our answer to the start, or for a stop that lost its number by its tag. */
  #ownId({ action, payload, answer }: HeardMessage): number | undefined {
    if (this.#target.version !== '1.6') return undefined
    if (action === 'StartTransaction') return ownIdOfAnswer(answer)
    const id = ownIdIn(payload)
    if (id !== undefined || action !== 'StopTransaction') return id
    const tag = textField(payload, 'idTag', 20)
    return this.#ports.outbox.openByTag(this.#target.charger, tag && tagDigest(tag))
  }

  /** One at a time: the site's questions must not crowd out this controller's own commands to the charger. */
  #command(action: string, params: RawPayload): Promise<RawPayload> {
    const queued = this.#commands.push(() => this.#handle(action, params))
    if (queued !== undefined) return queued
    this.#refusedCommands += 1
    return Promise.reject(createRPCError('GenericError', 'Too many commands at once'))
  }

  async #handle(action: string, params: RawPayload): Promise<RawPayload> {
    const { charger } = this.#target
    try {
      const handled = await handleCommand(action, params, this.#side())
      const outcome = handled.outcome ?? String(field(handled.answer, 'status') ?? 'answered')
      if (/^(Rejected|UnlockFailed|NotSupported|Failed|refused)/.test(outcome)) this.#refusedCommands += 1
      this.#ports.log('site-command', { charger, action, outcome })
      if (handled.told && this.#notes.pass('') !== undefined) {
        await this.#ports.desk()?.site.note(charger, { action, outcome, transactionId: handled.ownId })
      }
      return handled.answer
    } catch (error) {
      this.#refusedCommands += 1
      const detail = error instanceof Error ? error.message : String(error)
      this.#ports.log('site-command', { charger, action: action.slice(0, 40), outcome: detail.slice(0, 100) })
      throw error
    }
  }

  #side(): CommandSide {
    const { charger, version } = this.#target
    const { outbox, clock, phaseVoltageV } = this.#ports
    const ownIdOf = (named: unknown): number | undefined => {
      if (version === '2.0.1')
        return typeof named === 'string' ? transactionNumber(charger, named) : undefined
      const siteId = integerField({ id: named }, 'id')
      return siteId === undefined ? undefined : outbox.ownIdOf(charger, siteId)
    }
    return {
      target: this.#target,
      ownIdOf,
      relay: (action, payload) =>
        this.#ports.central()?.relay(charger, action, payload) ??
        Promise.resolve({ ok: false, error: { code: 'disconnected', detail: 'not started' } }),
      openSessions: () => this.#ports.desk()?.site.openSessions(charger) ?? [],
      messagesWaiting: () => outbox.figures(charger).waiting,
      stop: async (ownId) => (await this.#ports.desk()?.site.stop(charger, ownId)) ?? false,
      setLimit: (request) => {
        const frame = { version, nowS: clock.nowS(), phaseVoltageV, ownIdOf }
        return this.#limits.set(request, frame) && this.#limitsChanged()
      },
      clearLimits: (request) => {
        const wasThere = this.#limits.clear(request)
        if (wasThere) this.#limitsChanged()
        return wasThere
      },
      tellAgain: (what) => {
        const boot = outbox.fact(charger, 'boot')
        if (what === 'Heartbeat') this.#link.tellPassing(what, '{}')
        else if (boot !== undefined) this.#link.tellPassing(what, triggeredBootText(boot, version))
      },
      beatEvery: (intervalS) => this.#link.beatEvery(intervalS),
    }
  }

  /** False where the charger obeys no limits: then nothing was set, whatever stands in the book. */
  #limitsChanged(): boolean {
    this.#armLimits()
    return this.#ports.desk()?.outsideLimitsChanged(this.#target.charger) ?? false
  }

  #armLimits(): void {
    this.#cancelLimitChange()
    const { clock, timers } = this.#ports
    const nowS = clock.nowS()
    const nextS = this.#limits.nextChangeS(nowS)
    if (nextS === undefined) return
    // Looked at once an hour at least, because clocks are set.
    const waitS = Math.min(3_600, nextS - nowS)
    this.#cancelLimitChange = timers.after(durationMs(waitS * 1_000), () => void this.#limitsChanged())
  }

  #incident(what: string, detail: string): void {
    const passed = this.#gate.pass(detail)
    if (passed === undefined) return
    const told = this.#ports.desk()?.site.incident(what, `${this.#target.charger}: ${passed}`)
    // The controller speaks for itself when its disk fails.
    told?.catch(() => undefined)
  }
}
