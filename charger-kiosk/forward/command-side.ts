/** What a command of the site CSMS may touch, and the ways in which commands are answered in both versions. */

import { createRPCError } from 'ocpp-rpc'
import type { Result } from '@/lib/core/result'
import { asPayload, field, integerField } from '../ocpp/payload'
import type { CommandError, RawPayload } from '../ocpp/port'
import type { OpenSession } from '../controller/site-desk'
import type { ForwardTarget, SiteRight } from './settings'

/** Everything that a command may touch. */
export interface CommandSide {
  readonly target: ForwardTarget
  relay(action: string, payload: RawPayload): Promise<Result<RawPayload, CommandError>>
  openSessions(): readonly OpenSession[]
  /** Our number of a transaction that the site CSMS names. */
  ownIdOf(named: unknown): number | undefined
  /** What is left to tell about one, or about all. */
  messagesWaiting(): number
  /** Ends our session; false where there is none. */
  stop(ownId: number): Promise<boolean>
  /** False for one that cannot be kept or obeyed. */
  setLimit(request: RawPayload): boolean
  /** False where there was nothing of its own to take away. */
  clearLimits(request: RawPayload): boolean
  /** Tells the charger's introduction, or that it lives, once more. */
  tellAgain(what: 'BootNotification' | 'Heartbeat'): void
  beatEvery(intervalS: number): void
}

/** `told`: worth a line in the journal, because something changed or was meant to. */
export interface Handled {
  readonly answer: RawPayload
  readonly told: boolean
  /** What it comes to in a word; the answer's status where that says it. */
  readonly outcome?: string
  readonly ownId?: number | undefined
}

export type CommandHandler = (payload: RawPayload, side: CommandSide) => Promise<Handled> | Handled

export const status = (text: string): Handled => ({ answer: { status: text }, told: true })
export const quietStatus = (text: string): Handled => ({ answer: { status: text }, told: false })

export const may = ({ target }: CommandSide, right: SiteRight): boolean => target.rights.includes(right)

/** Asked of the charger itself, whose answer is passed on. @param refusal what is said where it does not answer */
export async function passOn(
  action: string,
  payload: RawPayload,
  side: CommandSide,
  { refusal, told }: { readonly refusal?: string; readonly told: boolean },
): Promise<Handled> {
  const answer = await side.relay(action, payload)
  if (answer.ok) {
    const said = field(answer.value, 'status')
    return { answer: answer.value, told, outcome: typeof said === 'string' ? said : 'passed-on' }
  }
  if (refusal === undefined) {
    const code = answer.error.code === 'not-supported' ? 'NotSupported' : 'InternalError'
    throw createRPCError(code, `The charger did not answer (${answer.error.code})`)
  }
  return { answer: { status: refusal }, told, outcome: `${refusal}: ${answer.error.code}` }
}

/** The session that a driver pays for is ended by its machine; what else runs is the charger's to end. */
export async function stopTransaction(
  named: unknown,
  action: string,
  payload: RawPayload,
  side: CommandSide,
): Promise<Handled> {
  const ownId = may(side, 'stop') ? side.ownIdOf(named) : undefined
  if (ownId === undefined) return status('Rejected')
  if (await side.stop(ownId)) return { ...status('Accepted'), ownId }
  const stopped = await passOn(action, payload, side, { refusal: 'Rejected', told: true })
  return { ...stopped, ownId }
}

/** A reset in the middle of a session would be a power cut to its driver. */
export const isFree = (side: CommandSide, evseId?: number): boolean =>
  side.openSessions().every((session) => evseId !== undefined && evseId !== 0 && session.evseId !== evseId)

export const evseIdOf = (payload: RawPayload): number | undefined =>
  integerField(payload, 'evseId') ?? integerField(asPayload(field(payload, 'evse')), 'id')
