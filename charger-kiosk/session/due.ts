/** When a connector wants its next tick, so that an idle charger sleeps and a simulation does not count seconds. */

import type { ConnectorState, MachineSettings, Now } from './connector-state'

/** Retries of what failed: a key store that does not sign. */
const againMs = 1_000

/** On the monotonic timer; Infinity when time alone changes nothing. */
export function nextTickMs(
  { phase, coolingUntilMs = 0 }: ConnectorState,
  now: Now,
  settings: MachineSettings,
): number {
  switch (phase.kind) {
    case 'unavailable':
    case 'available':
      return coolingUntilMs > now.monotonicMs ? coolingUntilMs : Number.POSITIVE_INFINITY
    case 'offering':
      return Math.min(
        phase.offer !== undefined && phase.renewAtMs > now.monotonicMs
          ? phase.renewAtMs
          : now.monotonicMs + againMs,
        phase.refused?.shownUntilMs ?? Number.POSITIVE_INFINITY,
      )
    case 'starting':
      return phase.deadlineMs
    case 'charging':
      return Math.min(
        now.monotonicMs + settings.meteredEveryMs,
        phase.doubt?.deadlineMs ?? Number.POSITIVE_INFINITY,
        phase.codeShownUntilMs > now.monotonicMs ? phase.codeShownUntilMs : Number.POSITIVE_INFINITY,
      )
    case 'stopping':
      return Math.min(
        phase.deadlineMs,
        phase.nextStopMs > now.monotonicMs ? phase.nextStopMs : phase.deadlineMs,
      )
    case 'ending':
      return now.monotonicMs + againMs
    case 'finished':
      return phase.shownUntilMs
  }
}
