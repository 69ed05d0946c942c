/** What health and metrics say about a running controller, gathered from its parts at the moment of asking. */

import { statSync } from 'node:fs'
import { decodeJournalEvent } from '@/lib/protocol/journal-event'
import type { Controller } from '../controller/controller'
import type { PolicyStanding } from '../controller/policy-watch'
import { forwardHealth } from '../forward/shown'
import { journalPath } from '../journal-place'
import type { ChargerHandlers } from '../ocpp/port'
import type { Kiosk } from '../kiosk'
import type { Feedback } from '../session/connector-state'
import { systemClock } from '../system'
import { version } from '../build-facts'
import type { Counters, MetricFacts } from './metrics'

type Shown = Pick<
  Kiosk,
  | 'config'
  | 'journal'
  | 'road'
  | 'uplinks'
  | 'controller'
  | 'central'
  | 'tested'
  | 'keyWatch'
  | 'forwarder'
  | 'satellite'
  | 'uptime'
>

export function healthOf(kiosk: Shown): Readonly<Record<string, string | number | boolean>> {
  const { controller, road, tested, keyWatch } = kiosk
  const standing = controller?.standing()
  return {
    status: controller === undefined ? 'unpaired' : 'ready',
    uplinkCut: road.isCut,
    version,
    selfTest: tested.passed ? 'passed' : tested.detail,
    keys: keyWatch.fault ?? 'ok',
    ...forwardHealth(kiosk.forwarder?.figures() ?? []),
    ...(standing === undefined
      ? {}
      : {
          closedFor: standing.closedFor ?? 'none',
          clockQuality: standing.clockQuality,
          cloud: standing.isOnline ? 'online' : 'offline',
          ...(standing.site === undefined ? {} : { siteGateway: standing.site }),
          policySequence: standing.policy.sequence ?? 0,
          policy: policyWords(standing.policy),
        }),
  }
}

export function metricsOf(kiosk: Shown): MetricFacts {
  const { config, journal, controller, central, tested, forwarder, uplinks } = kiosk
  const standing = controller?.standing()
  const links = config.chargers.map(
    ({ identity }) => [identity, central?.charger(identity)?.isConnected() === true] as const,
  )
  return {
    chargerId: config.chargerId,
    version,
    journalEvents: journal.size,
    unacknowledgedEvents: journal.size - journal.acknowledgedSize,
    oldestUnsyncedS: oldestUnsyncedS(journal, standing?.timeS ?? systemClock.nowS()),
    journalBytes: bytesOf(journalPath(config.dataFolder)),
    clockQuality: standing?.clockQuality ?? 'unknown',
    isOnline: standing?.isOnline === true,
    hasSiteReserve: standing?.site === 'whole',
    policyEndsS: standing?.policy.endsAtS ?? 0,
    isPolicyWell: standing?.policy.sequence !== undefined && policyWords(standing.policy) === 'in force',
    closedFor: controller === undefined ? 'charger.unpaired' : standing?.closedFor,
    selfTestPassed: tested.passed,
    links: Object.fromEntries(links),
    forwards: forwarder?.figures() ?? [],
    uplinks: uplinks?.figures ?? [],
    satellite: kiosk.satellite?.figures,
    uptime: kiosk.uptime?.figures ?? [],
  }
}

const policyWords = ({ sequence, isOverdue, refused }: PolicyStanding): string =>
  refused ?? (sequence === undefined ? 'none' : isOverdue ? 'overdue' : 'in force')

function oldestUnsyncedS(journal: Kiosk['journal'], nowS: number): number {
  const { acknowledgedSize, size } = journal
  if (acknowledgedSize >= size) return 0
  const read = journal.read(acknowledgedSize, acknowledgedSize + 1)
  const [oldest] = read.ok ? read.value : []
  const event = oldest === undefined ? undefined : decodeJournalEvent(oldest.payload)
  return event?.ok === true && 'timeS' in event.value ? Math.max(0, nowS - event.value.timeS) : 0
}

/** With what the database has not yet moved into its file. */
const bytesOf = (path: string): number =>
  ['', '-wal'].reduce((sum, end) => sum + (statSync(path + end, { throwIfNoEntry: false })?.size ?? 0), 0)

export const countedFeedback =
  (counters: Counters): Parameters<Controller['onFeedback']>[0] =>
  (_connectorId: number, feedback: Feedback) => {
    if (feedback.outcome === 'refused') {
      counters.count('outpost_declines_total', { reason: feedback.refusal.code })
    } else {
      counters.count(`outpost_sessions_${feedback.outcome}_total`)
    }
  }

export const countedHandlers = (handlers: ChargerHandlers, counters: Counters): ChargerHandlers => ({
  ...handlers,
  onEvent: (event) => {
    if (event.type === 'incident') counters.count('outpost_incidents_total', { kind: event.kind })
    return handlers.onEvent(event)
  },
})
