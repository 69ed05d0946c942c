/**
 * Notices when a key store stops signing (a token pulled out, a session lost) and when it signs again. While it does
 * not, the charger sells nothing: an offer that cannot be followed by a receipt is a promise that cannot be kept.
 */

import type { CancelTimer, Timers } from '@/lib/core/clock'
import { durationMs } from '@/lib/core/units'
import type { Signer } from '@/lib/crypto/signature'

/** How soon a token that was put back is noticed. A signature costs well under a millisecond to some milliseconds. */
const probeMs = durationMs(5_000)

export class KeyWatch {
  readonly #timers: Timers
  readonly #onChange: (fault: string | undefined) => void
  readonly #signers: Signer[] = []
  #fault: string | undefined
  #cancel: CancelTimer | undefined

  constructor(timers: Timers, onChange: (fault: string | undefined) => void) {
    this.#timers = timers
    this.#onChange = onChange
  }

  /** Why nothing can be signed; undefined while all is well. */
  get fault(): string | undefined {
    return this.#fault
  }

  watch(signer: Signer): Signer {
    this.#signers.push(signer)
    const watched: Signer = {
      publicKey: signer.publicKey,
      sign: async (message) => {
        try {
          return await signer.sign(message)
        } catch (error) {
          this.#settle(error instanceof Error ? error.message : String(error))
          throw error
        }
      },
    }
    return watched
  }

  /** Looks now and then also when nothing is sold: that a token is gone should not wait for the next driver. */
  start(): void {
    this.#cancel ??= this.#timers.every(probeMs, () => void this.probe())
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  /** All keys sign, or the first fault. */
  async probe(): Promise<void> {
    try {
      for (const signer of this.#signers) await signer.sign(new TextEncoder().encode('outpost key probe'))
      this.#settle(undefined)
    } catch (error) {
      this.#settle(error instanceof Error ? error.message : String(error))
    }
  }

  #settle(fault: string | undefined): void {
    const wasWell = this.#fault === undefined
    this.#fault = fault
    if (wasWell !== (fault === undefined)) this.#onChange(fault)
  }
}
