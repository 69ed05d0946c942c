/** What Prometheus reads at /metrics. Labels come from closed lists, so that their number is bounded. */

import { uplinkStates } from '@/lib/roads/gateway-messages'
import { oldestOf, type GatewayView } from './view'

export interface GatewayCounts {
  readonly forwarded: number
  readonly failed: number
  readonly refused: number
  readonly sentBytes: number
  readonly receivedBytes: number
  readonly kept: number
  readonly full: number
  readonly displaced: number
  readonly strangers: number
  readonly turnedAway: number
  readonly held: number
  readonly absent: number
  readonly frozen: number
  readonly refusedProofs: number
  readonly refusedNews: number
  readonly news: number
}

const counters = [
  ['forwarded', 'parcels_forwarded_total', 'Parcels that the operator answered.'],
  ['failed', 'forward_failures_total', 'Tries that brought no answer.'],
  ['refused', 'parcels_refused_total', 'Parcels that the operator does not take.'],
  ['sentBytes', 'uplink_sent_bytes_total', 'Parcels sent, without heads.'],
  ['receivedBytes', 'uplink_received_bytes_total', 'Answers received, without heads.'],
  ['kept', 'parcels_kept_total', 'Parcels that were put on the disk.'],
  ['full', 'parcels_turned_away_total', 'Parcels for which there was no room.'],
  ['displaced', 'parcels_displaced_total', 'Parcels that made room for more urgent ones.'],
  ['strangers', 'strangers_total', 'Callers who could not show that they are chargers of this site.'],
  ['turnedAway', 'rate_limited_total', 'Calls that came too often.'],
  ['held', 'reserves_held_total', 'Spends that were entered and held.'],
  [
    'absent',
    'reserves_absent_total',
    'Spends that could not be held: their chargers went by the caps for strangers.',
  ],
  ['frozen', 'reserves_frozen_total', 'Spends of grants that contradict themselves.'],
  ['refusedProofs', 'proofs_refused_total', 'Spends that nobody vouches for.'],
  ['refusedNews', 'news_refused_total', 'News that no trusted issuer signed.'],
  ['news', 'news_total', 'News of the issuer that a charger brought first.'],
] as const satisfies readonly (readonly [keyof GatewayCounts, string, string])[]

/** Prometheus' text format 0.0.4. */
export function metricsText(view: GatewayView, counts: GatewayCounts): string {
  const { uplink, piles, chargers, book, nowS } = view
  const oldestS = oldestOf(piles)
  const lines = [
    ...head('info', 'Which site and program.', 'gauge'),
    `outpost_gateway_info{site="${view.site}",version="${view.version}"} 1`,
    ...head('uplink', 'Which of its states the uplink is in.', 'gauge'),
    ...uplinkStates.map(
      (state) => `outpost_gateway_uplink{state="${state}"} ${state === uplink.state ? 1 : 0}`,
    ),
    ...gauge('last_success_seconds', 'Last answer of the operator, in Unix time.', uplink.lastSuccessS ?? 0),
    ...gauge('budget_spent_bytes', 'Bytes of the day (UTC).', uplink.spentBytes),
    ...head('kept_parcels', 'Parcels on the disk.', 'gauge'),
    ...piles.map(({ priority, count }) => `outpost_gateway_kept_parcels{priority="${priority}"} ${count}`),
    ...head('kept_bytes', 'Their bytes.', 'gauge'),
    ...piles.map(
      ({ priority, sizeBytes }) => `outpost_gateway_kept_bytes{priority="${priority}"} ${sizeBytes}`,
    ),
    ...gauge(
      'oldest_kept_age_seconds',
      'Age of the oldest of them.',
      oldestS === undefined ? 0 : nowS - oldestS,
    ),
    ...gauge('answers_waiting', 'Answers that their chargers have not fetched.', view.answersCount),
    ...gauge('chargers_seen', 'Chargers that ever came.', chargers.length),
    ...gauge('book_grants', 'Grants of which spends are known.', book.grants),
    ...gauge('book_spends', 'Spends that are known.', book.spends),
    ...gauge('book_frozen_grants', 'Grants that contradict themselves.', book.frozen.length),
    ...gauge(
      'reserve_whole',
      'Whether reserves are held: every charger has told what it knows.',
      Number(book.isWhole),
    ),
    ...gauge(
      'chargers_told',
      'Chargers that have told this run everything.',
      chargers.filter(({ hasToldAll }) => hasToldAll).length,
    ),
    ...counters.flatMap(([name, metric, help]) => [
      ...head(metric, help, 'counter'),
      `outpost_gateway_${metric} ${counts[name]}`,
    ]),
    '# HELP process_resident_memory_bytes Memory of the gateway.',
    '# TYPE process_resident_memory_bytes gauge',
    `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
  ]
  return `${lines.join('\n')}\n`
}

const head = (name: string, help: string, type: 'counter' | 'gauge'): readonly string[] => [
  `# HELP outpost_gateway_${name} ${help}`,
  `# TYPE outpost_gateway_${name} ${type}`,
]

const gauge = (name: string, help: string, value: number): readonly string[] => [
  ...head(name, help, 'gauge'),
  `outpost_gateway_${name} ${value}`,
]
