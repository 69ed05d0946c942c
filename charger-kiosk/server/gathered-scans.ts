/** Puts codes that a phone shows in several pieces together, for one screen's camera, before the controller hears of them. */

import { gatherFrame, progressOf, type Gathering } from '@/lib/protocol/frames'
import type { FromScreen, ToScreen } from '../screen-protocol'

type Parts = Extract<ToScreen, { readonly type: 'parts' }>

export class GatheredScans {
  #gathering: Gathering | undefined

  /** What the controller is to hear; for a piece that completes nothing, what the screen is to say instead. */
  take(message: FromScreen): FromScreen | Parts {
    if (message.type !== 'scanned') return message
    const seen = gatherFrame(this.#gathering, message.text)
    if (seen.ok && seen.value.kind === 'part') {
      this.#gathering = seen.value.gathering
      return { type: 'parts', connectorId: message.connectorId, ...progressOf(this.#gathering) }
    }
    this.#gathering = undefined
    // What makes no whole goes to the controller as it is: one place refuses, in one way.
    return seen.ok && seen.value.kind === 'whole' ? { ...message, text: seen.value.text } : message
  }
}
