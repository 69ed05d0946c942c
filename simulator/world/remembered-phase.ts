/**
 * Composes what a screen shows of the same phase once: a world looks at every screen after every step, and an offer's
 * code is dear to write. A phase is never written to, and only that of a running session also depends on the time. Put
 * into the workers of worlds when they are bundled.
 */

import type { ConnectorPhase } from '@/charger-kiosk/screen-protocol'
import type { ConnectorState, Now } from '@/charger-kiosk/session/connector-state'
import type { Bytes } from '@/lib/core/bytes'

type Compose = (state: ConnectorState, now: Now, status: Bytes | undefined) => ConnectorPhase

export function rememberedPhase(compose: Compose): Compose {
  const shown = new WeakMap<object, ConnectorPhase>()
  return (state, now, status) => {
    const { phase } = state
    const before = phase.kind === 'charging' ? undefined : shown.get(phase)
    if (before !== undefined) return before
    const composed = compose(state, now, status)
    shown.set(phase, composed)
    return composed
  }
}
