/**
 * One command at a time to one charger, each under its own time limit: some chargers never answer a CALL. The limit
 * counts from sending; with `ocppWaitingCommandsMax` waiting, a caller hears back in bounded time in any case.
 */

import type { Timers } from '@/lib/core/clock'
import { limits } from '@/lib/core/limits'
import { err, ok, type Result } from '@/lib/core/result'
import type { DurationMs } from '@/lib/core/units'
import { boundedPayload } from './payload'
import type { CommandError, CommandErrorCode, CommandResult, RawPayload } from './port'
import { SerialQueue } from './serial-queue'

/** The link to a charger as commands see it. */
export interface CallTarget {
  isOpen(): boolean
  call(action: string, payload: RawPayload, signal: AbortSignal): Promise<unknown>
  /** Why an answer breaks its schema, or undefined when it does not. */
  violation(action: string, answer: unknown): string | undefined
}

export class CommandSender {
  readonly #timers: Timers
  readonly #timeoutMs: DurationMs
  readonly #target: () => CallTarget | undefined
  readonly #queue = new SerialQueue(limits.ocppWaitingCommandsMax)

  constructor(timers: Timers, timeoutMs: DurationMs, target: () => CallTarget | undefined) {
    this.#timers = timers
    this.#timeoutMs = timeoutMs
    this.#target = target
  }

  get isIdle(): boolean {
    return this.#queue.isIdle
  }

  /** Sends it and reads `status` of the answer: one of `good`, or a reason why not. */
  async send<T extends string>(
    action: string,
    payload: RawPayload,
    good: readonly T[],
  ): Promise<CommandResult<T>> {
    const answer = await this.ask(action, payload)
    if (!answer.ok) return answer
    const status = String(answer.value['status'])
    const accepted = good.find((candidate) => candidate === status)
    if (accepted !== undefined) return ok(accepted)
    return failed(
      status === 'NotSupported' || status === 'NotImplemented' ? 'not-supported' : 'rejected',
      status,
    )
  }

  /** Sends it and gives the whole answer, which follows its schema. */
  async ask(action: string, payload: RawPayload): Promise<Result<RawPayload, CommandError>> {
    const queued = this.#queue.push(async () => {
      const target = this.#target()
      return target?.isOpen()
        ? this.#callNow(target, action, payload)
        : failed('disconnected', 'not connected')
    })
    return queued ?? failed('overload', `${limits.ocppWaitingCommandsMax} commands wait already`)
  }

  async #callNow(
    target: CallTarget,
    action: string,
    payload: RawPayload,
  ): Promise<Result<RawPayload, CommandError>> {
    const abort = new AbortController()
    const cancelTimer = this.#timers.after(this.#timeoutMs, () => abort.abort('no answer in time'))
    try {
      const answer = await target.call(action, payload, abort.signal)
      const violation = target.violation(action, answer)
      return violation === undefined ? ok(boundedPayload(answer)) : failed('malformed', violation)
    } catch (error) {
      return failed(abort.signal.aborted ? 'timeout' : failureCode(error, target), describe(error))
    } finally {
      cancelTimer()
    }
  }
}

const failed = (code: CommandErrorCode, detail: string): Result<never, CommandError> =>
  err({ code, detail: detail.slice(0, 200) })

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** The library gives the charger's CALLERROR as an error with `rpcErrorCode`. */
function failureCode(error: unknown, target: CallTarget): CommandErrorCode {
  const code: unknown =
    typeof error === 'object' && error !== null && 'rpcErrorCode' in error ? error.rpcErrorCode : undefined
  if (code === 'NotImplemented' || code === 'NotSupported') return 'not-supported'
  if (code !== undefined) return 'rejected'
  return target.isOpen() ? 'malformed' : 'disconnected'
}
