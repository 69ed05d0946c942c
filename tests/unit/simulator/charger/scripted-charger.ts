/** The charger's machine with a central system played by the test. Every frame that it sends must be OCPP 1.6. */

import { OCPP16 } from 'typed-ocpp'
import { nextDueMs, step } from '@/simulator/charger/machine'
import {
  initialState,
  type ChargerInput,
  type ChargerSettings,
  type Payload,
} from '@/simulator/charger/state'

export class ScriptedCharger {
  nowMs = 0
  state
  readonly calls: { readonly action: string; readonly payload: Payload }[] = []
  readonly replies: unknown[] = []
  droppedLinks = 0
  #unanswered: string | undefined
  #command = 0

  constructor(settings: Partial<ChargerSettings> = {}) {
    this.state = initialState(settings, this.#now())
  }

  #now() {
    return { monotonicMs: this.nowMs, wallS: 1_767_268_800 + Math.floor(this.nowMs / 1_000) }
  }

  do(input: ChargerInput): this {
    const { state, effects } = step(this.state, input, this.#now())
    this.state = state
    for (const effect of effects) {
      if (effect.type === 'drop-link') this.droppedLinks += 1
      else this.#take(effect.frame)
    }
    return this
  }

  #take(frame: readonly unknown[]): void {
    if (!OCPP16.validate([...frame]))
      throw new Error(`${JSON.stringify(frame)}: ${String(OCPP16.validate.errors)}`)
    if (frame[0] !== 2) {
      this.replies.push(frame[2])
      return
    }
    this.calls.push({ action: String(frame[2]), payload: frame[3] as Payload })
    this.#unanswered = String(frame[1])
  }

  /** Answers the CALL under way. */
  answer(payload: Payload = {}): this {
    const messageId = this.#unanswered
    if (messageId === undefined) throw new Error('no CALL is under way')
    this.#unanswered = undefined
    return this.do({ type: 'result', messageId, payload })
  }

  refuse(): this {
    const messageId = this.#unanswered ?? ''
    this.#unanswered = undefined
    return this.do({ type: 'call-error', messageId })
  }

  /** Answers whatever comes with an empty yes, until nothing more comes. */
  answerAll(): this {
    while (this.#unanswered !== undefined) {
      const last = this.calls.at(-1)
      this.answer(
        last?.action === 'BootNotification'
          ? { status: 'Accepted', interval: 300, currentTime: '2026-01-01T12:00:00Z' }
          : last?.action === 'StartTransaction'
            ? { transactionId: 7, idTagInfo: { status: 'Accepted' } }
            : {},
      )
    }
    return this
  }

  command(action: string, payload: Payload): unknown {
    this.do({ type: 'call', messageId: `c${(this.#command += 1)}`, action, payload })
    return this.replies.at(-1)
  }

  /** Lets time pass from one due moment to the next. */
  pass(spanMs: number): this {
    const untilMs = this.nowMs + spanMs
    for (let dueMs = nextDueMs(this.state); dueMs <= untilMs; dueMs = nextDueMs(this.state)) {
      this.nowMs = Math.max(this.nowMs, dueMs)
      this.do({ type: 'tick' })
    }
    this.nowMs = untilMs
    return this.do({ type: 'tick' })
  }

  /** Linked, accepted, and everything said. */
  boot(): this {
    return this.do({ type: 'link-up' }).answerAll()
  }

  sent(action: string): readonly Payload[] {
    return this.calls.filter((call) => call.action === action).map((call) => call.payload)
  }
}
