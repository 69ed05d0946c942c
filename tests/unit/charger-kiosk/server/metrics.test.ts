import { describe, expect, test } from 'vitest'
import { Counters, type MetricFacts } from '@/charger-kiosk/server/metrics'

const facts: MetricFacts = {
  chargerId: 'KIN-01',
  version: '1.2.3',
  journalEvents: 12,
  unacknowledgedEvents: 5,
  oldestUnsyncedS: 3_600,
  journalBytes: 40_960,
  clockQuality: 'relative',
  isOnline: false,
  policyEndsS: 1_788_300_000,
  isPolicyWell: false,
  hasSiteReserve: true,
  closedFor: 'charger.storage',
  selfTestPassed: true,
  links: { 'WALLBOX-"7': true },
  forwards: [
    {
      charger: 'CP-1',
      standing: 'connected',
      fault: undefined,
      waiting: 41,
      oldestUnsentS: 3_600,
      delivered: 7,
      setAside: 1,
      dropped: 0,
      refusedCommands: 2,
    },
  ],
}

describe('the metrics', () => {
  test('are Prometheus’ text: each line a comment or a name with labels and a number', () => {
    const counters = new Counters()
    counters.count('outpost_declines_total', { reason: 'grant.expired' })
    const text = counters.text(facts)
    counters.stop()
    expect(text.endsWith('\n')).toBe(true)
    for (const line of text.trim().split('\n')) {
      expect(line).toMatch(
        /^(# (HELP|TYPE) [a-z][a-z0-9_]* .+|[a-z][a-z0-9_]*(\{([a-z_]+="([^"\\\n]|\\.)*",?)+\})? -?\d+(\.\d+)?(e-?\d+)?)$/,
      )
    }
  })

  test('count by reason, say why nothing is sold, and how far the clock is believed', () => {
    const counters = new Counters()
    counters.count('outpost_declines_total', { reason: 'grant.expired' })
    counters.count('outpost_declines_total', { reason: 'grant.expired' })
    const text = counters.text(facts)
    counters.stop()
    for (const line of [
      'outpost_forward_waiting{identity="CP-1"} 41',
      'outpost_forward_set_aside_total{identity="CP-1"} 1',
      'outpost_declines_total{reason="grant.expired"} 2',
      'outpost_sessions_accepted_total 0',
      'outpost_open{reason="charger.storage"} 0',
      'outpost_clock_quality{quality="relative"} 1',
      'outpost_clock_quality{quality="synchronised"} 0',
      'outpost_oldest_unsynced_age_seconds 3600',
      'outpost_policy_well 0',
      'outpost_site_reserve 1',
      'outpost_ocpp_connected{identity="WALLBOX-\\"7"} 1',
    ]) {
      expect(text.split('\n')).toContain(line)
    }
  })
})
