/**
 * The card provider of a world, as its customers' bank statements show it: what was set aside, taken and given back.
 * It does every act once, however often it is asked.
 */

export interface CardAct {
  readonly actId: string
  readonly paymentId: string
  readonly kind: 'capture' | 'cancel' | 'refund'
  readonly amountMinor: number
}

export class WorldCards {
  readonly #done = new Map<string, CardAct>()

  /** Asked again with the same id, nothing more happens. */
  act(act: CardAct): void {
    if (!this.#done.has(act.actId)) this.#done.set(act.actId, act)
  }

  /** What a guest has paid in the end. */
  paidBy(paymentId: string): number {
    let paidMinor = 0
    for (const act of this.#done.values()) {
      if (act.paymentId !== paymentId) continue
      if (act.kind === 'capture') paidMinor += act.amountMinor
      if (act.kind === 'refund') paidMinor -= act.amountMinor
    }
    return paidMinor
  }

  /** How often money was taken from the card. */
  capturesOf = (paymentId: string): number => this.#count(paymentId, 'capture')

  refundsOf = (paymentId: string): number => this.#count(paymentId, 'refund')

  #count(paymentId: string, kind: CardAct['kind']): number {
    return [...this.#done.values()].filter((act) => act.paymentId === paymentId && act.kind === kind).length
  }
}
