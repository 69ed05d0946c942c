/** What health, metrics and doctor say about forwarding. */

import type { ForwardFigures } from './ports'

export type ForwardHealth = Readonly<Record<string, string | number | boolean>>

/** Flat, as the rest of health is; nothing at all where no charger is forwarded. */
export function forwardHealth(figures: readonly ForwardFigures[]): ForwardHealth {
  if (figures.length === 0) return {}
  const faults = figures.flatMap(({ charger, fault, standing }) =>
    standing === 'wrong-version'
      ? [`${charger}: it speaks another version than its site CSMS`]
      : standing === 'connected' || fault === undefined
        ? []
        : [`${charger}: ${fault}`],
  )
  return {
    forwardChargers: figures.length,
    forwardConnected: figures.filter(({ standing }) => standing === 'connected').length,
    forwardWaiting: sum(figures, 'waiting'),
    forwardOldestUnsentS: Math.max(...figures.map(({ oldestUnsentS }) => oldestUnsentS)),
    forwardSetAside: sum(figures, 'setAside'),
    forwardDropped: sum(figures, 'dropped'),
    forwardFault: faults.length === 0 ? 'none' : faults.join('; ').slice(0, 500),
  }
}

const sum = (figures: readonly ForwardFigures[], key: 'waiting' | 'setAside' | 'dropped'): number =>
  figures.reduce((total, one) => total + one[key], 0)

/** Name, help, type and value of each, by charger. */
export const forwardMetrics = [
  ['outpost_forward_connected', 'Whether the site’s own CSMS listens.', 'gauge', connected],
  ['outpost_forward_waiting', 'Messages that it has yet to be told.', 'gauge', ({ waiting }) => waiting],
  [
    'outpost_forward_oldest_unsent_age_seconds',
    'Age of the oldest of them.',
    'gauge',
    ({ oldestUnsentS }) => oldestUnsentS,
  ],
  ['outpost_forward_delivered_total', 'Messages that it took.', 'counter', ({ delivered }) => delivered],
  ['outpost_forward_set_aside_total', 'Messages that it never took.', 'counter', ({ setAside }) => setAside],
  [
    'outpost_forward_dropped_total',
    'Messages for which there was no room.',
    'counter',
    ({ dropped }) => dropped,
  ],
  [
    'outpost_forward_commands_refused_total',
    'Its commands that were refused since the start.',
    'counter',
    ({ refusedCommands }) => refusedCommands,
  ],
] as const satisfies readonly (readonly [
  string,
  string,
  'counter' | 'gauge',
  (figures: ForwardFigures) => number,
])[]

function connected({ standing }: ForwardFigures): number {
  return standing === 'connected' ? 1 : 0
}
