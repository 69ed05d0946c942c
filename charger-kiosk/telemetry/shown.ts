/** What metrics say about the last thirty days of each bay. */

import { metricHead, metricLine } from '@/lib/format/prometheus'
import { bayStandings, uptimeRatio } from '@/lib/telemetry/uptime'
import type { UptimeFigure } from './uptime-keeper'

export const uptimeMetrics = (figures: readonly UptimeFigure[]): readonly string[] =>
  figures.length === 0
    ? []
    : [
        ...metricHead('outpost_bay_seconds', 'Of the last thirty days, by how the bay was.', 'gauge'),
        ...figures.flatMap(({ connectorId, seconds }) =>
          bayStandings.map((standing) =>
            metricLine('outpost_bay_seconds', seconds[standing], {
              bay: String(connectorId),
              standing: standing === 'takenOut' ? 'taken-out' : standing,
            }),
          ),
        ),
        ...metricHead('outpost_bay_uptime_ratio', 'Up, of all seconds of these days.', 'gauge'),
        ...figures.flatMap(({ connectorId, seconds }) => {
          const ratio = uptimeRatio(seconds)
          return ratio === undefined
            ? []
            : [metricLine('outpost_bay_uptime_ratio', ratio, { bay: String(connectorId) })]
        }),
      ]
