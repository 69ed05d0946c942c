/** What metrics say about the satellite road. */

import { metricHead, metricLine } from '@/lib/format/prometheus'
import type { SatelliteFigures } from './satellite-loop'

const metrics = [
  ['outpost_satellite_messages_sent_total', 'Messages that the satellite took.', 'counter', 'messagesSent'],
  ['outpost_satellite_sent_bytes_total', 'Bytes in them.', 'counter', 'bytesSent'],
  [
    'outpost_satellite_messages_received_total',
    'Messages that came for this charger.',
    'counter',
    'messagesReceived',
  ],
  ['outpost_satellite_faults_total', 'Exchanges that failed.', 'counter', 'faults'],
  [
    'outpost_satellite_sessions_told_total',
    'Sessions that the operator has by letter.',
    'counter',
    'sessionsTold',
  ],
] as const satisfies readonly (readonly [string, string, 'counter' | 'gauge', keyof SatelliteFigures])[]

export const satelliteMetrics = (figures: SatelliteFigures | undefined): readonly string[] =>
  figures === undefined
    ? []
    : metrics.flatMap(([name, help, type, key]) =>
        [metricHead(name, help, type), metricLine(name, figures[key])].flat(),
      )
