/** A log's events as one line each; runs of meter readings are drawn together. */

import { reasons } from '@/lib/core/reason-codes'
import { formatEnergyExact } from '@/lib/format/energy'
import { formatMoney } from '@/lib/format/money'
import { formatTimestamp } from '@/lib/format/time'
import { recordsHash } from '@/lib/metering/meter-record'
import type { EventOf, JournalEvent } from '@/lib/protocol/journal-event'
import { parseMessage } from '@/lib/protocol/message'
import { answer } from '@/lib/protocol/messages/answer'
import { authorization } from '@/lib/protocol/messages/authorization'
import { bearerRecord } from '@/lib/protocol/messages/bearer-record'
import { grant } from '@/lib/protocol/messages/grant'
import { receipt } from '@/lib/protocol/messages/receipt'
import { technicianPass } from '@/lib/protocol/messages/technician-pass'

export function eventLines(events: readonly JournalEvent[], firstSeq: number): readonly string[] {
  const lines: string[] = []
  for (let index = 0; index < events.length; index += 1) {
    const event = events[index]
    if (event === undefined) continue
    const end = event.kind === 'metered' ? endOfRun(events, index) : index
    const last = events[end]
    const seqs = end === index ? String(firstSeq + index) : `${firstSeq + index}–${firstSeq + end}`
    lines.push(
      `${seqs.padStart(9)}  ${formatTimestamp('en', event.timeS, 'UTC')}  ${event.kind.padEnd(8)}  ${detail(last ?? event, end - index + 1)}`.trimEnd(),
    )
    index = end
  }
  return lines
}

function endOfRun(events: readonly JournalEvent[], from: number): number {
  let end = from
  while (events[end + 1]?.kind === 'metered') end += 1
  return end
}

function detail(event: JournalEvent, count: number): string {
  switch (event.kind) {
    case 'boot':
      return `controller ${event.version}, clock ${event.clockQuality}`
    case 'accepted':
      return `session ${short(hashOfAuthorization(event))}, hold ${holdOf(event)}`
    case 'declined':
      return `hold ${holdOf(event)}, ${declineOf(event)}`
    case 'started':
      return `session ${short(event.sessionId)}, register ${formatEnergyExact('en', event.meterStartWh)}`
    case 'metered':
      return `${count} readings, up to ${formatEnergyExact('en', event.registerWh)}`
    case 'stopping':
      return `session ${short(event.sessionId)}, ${event.stopReason}`
    case 'ended':
      return `session ${short(event.sessionId)}, ${billOf(event)}`
    case 'bearer-accepted': {
      const record = parseMessage(bearerRecord, event.record)
      return record.ok ? `session ${short(record.value.hash)}, by card` : 'unreadable'
    }
    case 'meter-records':
      return `session ${short(event.sessionId)}, records of the meter ${recordsHash(event.records)}`
    case 'sealed':
      return event.seals.map(({ place, number }) => `${place} ${number}`).join(', ')
    case 'card-let-in':
      return `card ${event.serial}, list ${event.listVersion}`
    case 'list-adopted':
      return `list ${event.version}, ${event.cards} cards`
    case 'technician-entered': {
      const shown = parseMessage(technicianPass, event.pass)
      return shown.ok ? `pass ${shown.value.payload.serial}` : 'unreadable'
    }
    case 'technician-acted':
      return `pass ${event.by}: ${event.act}${event.detail === '' ? '' : `, ${event.detail}`}`
    case 'telemetry':
      return `day ${event.day}: ${event.bays.map(({ connectorId, up }) => `bay ${connectorId} up ${up} s`).join(', ')}`
    case 'site-command':
      return `${event.charger}: ${event.action}, ${event.outcome}`
    case 'incident':
      return `${event.what}: ${event.detail}`
    case 'news':
      return `policy ${event.policySequence}, revocations ${event.revocationEpoch}, trust list ${event.trustSequence}`
  }
}

const short = (hash: string): string => `${hash.slice(0, 8)}…`

type WithAuthorization = EventOf<'accepted'> | EventOf<'declined'>

function hashOfAuthorization(event: WithAuthorization): string {
  const approved = parseMessage(authorization, event.authorization)
  return approved.ok ? approved.value.hash : 'unreadable'
}

function holdOf(event: WithAuthorization): string {
  const approved = parseMessage(authorization, event.authorization)
  const given = parseMessage(grant, event.grant)
  return approved.ok && given.ok
    ? formatMoney('en', approved.value.payload.holdMinor, given.value.payload.currency)
    : 'unreadable'
}

function declineOf(event: EventOf<'declined'>): string {
  const given = parseMessage(answer, event.answer)
  if (!given.ok || given.value.payload.verdict === 'accepted') return 'unreadable'
  return `${reasons[given.value.payload.verdict].code} (${given.value.payload.verdict})`
}

function billOf(event: EventOf<'ended'>): string {
  const billed = parseMessage(receipt, event.receipt)
  if (!billed.ok) return 'unreadable'
  const { counter, totalMinor, currency, stopReason } = billed.value.payload
  return `receipt ${counter}, ${formatMoney('en', totalMinor, currency)}, ${stopReason}`
}
