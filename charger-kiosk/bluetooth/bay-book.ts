/** Which bay a code by radio is about. A camera knows where it hangs; a radio knows only what the code says. */

import type { MessageHash } from '@/lib/core/ids'
import { envelopeFromText } from '@/lib/protocol/envelope'
import { parseMessage } from '@/lib/protocol/message'
import { offer } from '@/lib/protocol/messages/offer'
import type { ConnectorPhase, ScreenState } from '../screen-protocol'
import type { PhoneCode } from './phone-code'

/** Offers live for minutes and a charger has a handful of bays: nobody answers an older one. */
const offersKeptMax = 64

interface BayOffer {
  readonly connectorId: number
  readonly code: string
}

export class BayBook {
  #screen: ScreenState | undefined
  /** Bay of each offer that phones were told of, oldest first. */
  readonly #bayOfOffer = new Map<MessageHash, number>()
  readonly #known = new Set<string>()

  see(screen: ScreenState): void {
    this.#screen = screen
    for (const { connectorId, code } of this.offers()) {
      if (this.#known.has(code)) continue
      const hash = hashOfOffer(code)
      if (hash === undefined) continue
      this.#known.add(code)
      this.#bayOfOffer.set(hash, connectorId)
      dropOldest(this.#bayOfOffer)
      dropOldest(this.#known)
    }
  }

  offers(): readonly BayOffer[] {
    return (this.#screen?.connectors ?? []).flatMap(({ connectorId, phase }) =>
      phase.kind === 'offering' ? [{ connectorId, code: phase.offerCode }] : [],
    )
  }

  phaseOf(sessionId: string): ConnectorPhase | undefined {
    return this.#screen?.connectors.find(({ phase }) => sessionOf(phase) === sessionId)?.phase
  }

  /** Where nothing says which, the first bay: its screen then tells whoever stands there that something was refused. */
  bayFor(code: PhoneCode, screen: ScreenState): number | undefined {
    this.see(screen)
    const [first] = screen.connectors
    if (code.kind === 'news') return first?.connectorId
    const bay = screen.connectors.find(({ phase }) => sessionOf(phase) === code.sessionId)?.connectorId
    const offered = code.kind === 'authorization' ? this.#bayOfOffer.get(code.offerHash) : undefined
    return bay ?? offered ?? first?.connectorId
  }
}

const sessionOf = (phase: ConnectorPhase): string | undefined =>
  'sessionId' in phase ? phase.sessionId : undefined

function hashOfOffer(code: string): MessageHash | undefined {
  const envelope = envelopeFromText(code)
  const [bytes] = envelope.ok ? envelope.value.parts : []
  const parsed = bytes === undefined ? undefined : parseMessage(offer, bytes)
  return parsed?.ok === true ? parsed.value.hash : undefined
}

function dropOldest(kept: Map<unknown, unknown> | Set<unknown>): void {
  if (kept.size <= offersKeptMax) return
  for (const oldest of kept.keys()) {
    kept.delete(oldest)
    return
  }
}
