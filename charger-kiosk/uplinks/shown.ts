/** What metrics say about each uplink. */

import type { UplinkFigures } from '@/lib/roads/uplinks-road'

/** Name, help, type and value of each, by uplink. */
export const uplinkMetrics = [
  [
    'outpost_uplink_attempts_total',
    'Attempts to reach the operator by it.',
    'counter',
    ({ attempts }) => attempts,
  ],
  [
    'outpost_uplink_answers_total',
    'Attempts that the operator answered.',
    'counter',
    ({ answers }) => answers,
  ],
  ['outpost_uplink_sent_bytes_total', 'Bytes that went out by it.', 'counter', ({ sentBytes }) => sentBytes],
  [
    'outpost_uplink_received_bytes_total',
    'Bytes that came in by it.',
    'counter',
    ({ receivedBytes }) => receivedBytes,
  ],
  [
    'outpost_uplink_resting',
    'Whether it failed lately and is asked last.',
    'gauge',
    ({ isResting }) => (isResting ? 1 : 0),
  ],
  [
    'outpost_uplink_day_bytes',
    'Bytes counted against its budget of the day.',
    'gauge',
    ({ spent }) => spent.dayBytes,
  ],
  [
    'outpost_uplink_month_bytes',
    'Bytes counted against its budget of the month.',
    'gauge',
    ({ spent }) => spent.monthBytes,
  ],
  [
    'outpost_uplink_signal_percent',
    'Signal of its radio, where it is known.',
    'gauge',
    ({ signalPercent }) => signalPercent,
  ],
] as const satisfies readonly (readonly [
  string,
  string,
  'counter' | 'gauge',
  (figures: UplinkFigures) => number | undefined,
])[]
