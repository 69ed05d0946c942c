/**
 * What Prometheus reads at /metrics. Counters count since the start; labels come from closed lists or from the
 * configuration, never from what strangers send, so that their number is bounded. Nothing tells who charged.
 */

import { monitorEventLoopDelay } from 'node:perf_hooks'
import { gauge, labelText, metricHead, metricLine } from '@/lib/format/prometheus'
import { clockQualities } from '@/lib/protocol/common-fields'
import type { UplinkFigures } from '@/lib/roads/uplinks-road'
import type { ForwardFigures } from '../forward/ports'
import { forwardMetrics } from '../forward/shown'
import type { SatelliteFigures } from '../satellite/satellite-loop'
import { satelliteMetrics } from '../satellite/shown'
import { uptimeMetrics } from '../telemetry/shown'
import type { UptimeFigure } from '../telemetry/uptime-keeper'
import { uplinkMetrics } from '../uplinks/shown'

export interface MetricFacts {
  readonly chargerId: string
  readonly version: string
  readonly journalEvents: number
  readonly unacknowledgedEvents: number
  /** 0 where everything is acknowledged. */
  readonly oldestUnsyncedS: number
  readonly journalBytes: number
  readonly clockQuality: string
  readonly isOnline: boolean
  /** 0 without one. */
  readonly policyEndsS: number
  /** In force, and none was refused since. */
  readonly isPolicyWell: boolean
  readonly hasSiteReserve: boolean
  /** Undefined while the charger sells. */
  readonly closedFor: string | undefined
  readonly selfTestPassed: boolean
  readonly links: Readonly<Record<string, boolean>>
  /** Of chargers of which the site's own CSMS is told. */
  readonly forwards?: readonly ForwardFigures[]
  /** Where the configuration names several. */
  readonly uplinks?: readonly UplinkFigures[]
  readonly satellite?: SatelliteFigures | undefined
  readonly uptime?: readonly UptimeFigure[]
}

/** Counters that grow while the process runs. */
export class Counters {
  readonly #values = new Map<string, number>()
  readonly #delay = monitorEventLoopDelay({ resolution: 20 })

  constructor() {
    this.#delay.enable()
  }

  count(name: string, labels: Readonly<Record<string, string>> = {}): void {
    const key = `${name}${labelText(labels)}`
    this.#values.set(key, (this.#values.get(key) ?? 0) + 1)
  }

  /** Prometheus' text format 0.0.4. */
  text(facts: MetricFacts): string {
    return [...this.#counters(), ...gauges(facts), ...this.#process()].join('\n') + '\n'
  }

  stop(): void {
    this.#delay.disable()
  }

  #counters(): readonly string[] {
    return counters.flatMap(([name, help]) => {
      const own = [...this.#values].filter(([key]) => key === name || key.startsWith(`${name}{`))
      const lines = own.length === 0 && name.endsWith('accepted_total') ? [`${name} 0`] : []
      return [...metricHead(name, help, 'counter'), ...lines, ...own.map(([key, value]) => `${key} ${value}`)]
    })
  }

  #process(): readonly string[] {
    const p99S = this.#delay.percentile(99) / 1e9
    this.#delay.reset()
    return [
      ...gauge('process_resident_memory_bytes', 'Memory of the controller.', process.memoryUsage.rss()),
      ...gauge(
        'outpost_event_loop_delay_p99_seconds',
        'Since the last reading.',
        Number.isFinite(p99S) ? p99S : 0,
      ),
      ...gauge('process_uptime_seconds', 'Since the start.', Math.floor(process.uptime())),
    ]
  }
}

const counters = [
  ['outpost_sessions_accepted_total', 'Sessions that were accepted.'],
  ['outpost_sessions_finished_total', 'Sessions that have their receipt.'],
  ['outpost_declines_total', 'Codes that were turned away, by reason.'],
  ['outpost_incidents_total', 'Things that an OCPP charger or a stranger should not have done, by kind.'],
] as const

function gauges(facts: MetricFacts): readonly string[] {
  const flag = (value: boolean): number => (value ? 1 : 0)
  const { chargerId, version, links } = facts
  return [
    ...gauge('outpost_info', 'Which charger and program.', 1, { charger: chargerId, version }),
    ...gauge('outpost_journal_events', 'Events in the log.', facts.journalEvents),
    ...gauge('outpost_journal_bytes', 'Size of the journal on disk.', facts.journalBytes),
    ...gauge(
      'outpost_unacknowledged_events',
      'Not yet acknowledged by the cloud.',
      facts.unacknowledgedEvents,
    ),
    ...gauge('outpost_oldest_unsynced_age_seconds', 'Age of the oldest of them.', facts.oldestUnsyncedS),
    ...metricHead('outpost_clock_quality', 'How far the time can be believed.', 'gauge'),
    ...clockQualities.map(
      (quality) => `outpost_clock_quality${labelText({ quality })} ${flag(quality === facts.clockQuality)}`,
    ),
    ...gauge('outpost_cloud_online', 'Whether the cloud answered last time.', flag(facts.isOnline)),
    ...gauge(
      'outpost_site_reserve',
      'Whether the site’s gateway holds reserves for grants of the site.',
      flag(facts.hasSiteReserve),
    ),
    ...gauge('outpost_policy_end_seconds', 'When the policy ends, in Unix time.', facts.policyEndsS),
    ...gauge(
      'outpost_policy_well',
      'Whether a policy is in force and none was refused since.',
      flag(facts.isPolicyWell),
    ),
    ...gauge('outpost_open', 'Whether the charger sells.', flag(facts.closedFor === undefined), {
      reason: facts.closedFor ?? 'none',
    }),
    ...gauge(
      'outpost_self_test_passed',
      'Whether the self-test at the start passed.',
      flag(facts.selfTestPassed),
    ),
    ...metricHead('outpost_ocpp_connected', 'Whether the OCPP charger is connected.', 'gauge'),
    ...Object.entries(links).map(
      ([identity, isConnected]) => `outpost_ocpp_connected${labelText({ identity })} ${flag(isConnected)}`,
    ),
    ...forwarding(facts.forwards ?? []),
    ...uplinks(facts.uplinks ?? []),
    ...satelliteMetrics(facts.satellite),
    ...uptimeMetrics(facts.uptime ?? []),
  ]
}

const uplinks = (figures: readonly UplinkFigures[]): readonly string[] =>
  figures.length === 0
    ? []
    : uplinkMetrics.flatMap(([name, help, type, valueOf]) => [
        ...metricHead(name, help, type),
        ...figures.flatMap((one) => {
          const value = valueOf(one)
          return value === undefined ? [] : [`${name}${labelText({ uplink: one.name })} ${value}`]
        }),
      ])

/** The site's own CSMS. */
const forwarding = (figures: readonly ForwardFigures[]): readonly string[] =>
  figures.length === 0
    ? []
    : forwardMetrics.flatMap(([name, help, type, valueOf]) => [
        ...metricHead(name, help, type),
        ...figures.map((one) => metricLine(name, valueOf(one), { identity: one.charger })),
      ])
