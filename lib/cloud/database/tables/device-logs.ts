/** What devices brought home, as they signed it. */

import type { Generated } from 'kysely'

export interface InboxRow {
  tenant: string
  item_id: string
  kind: 'bundle' | 'report'
  bytes: Buffer
  state: 'waiting' | 'done' | 'refused'
  outcome: unknown
  attempts: Generated<number>
  received_at_s: number
  done_at_s: number | null
}

export interface DeviceLogRow {
  tenant: string
  device: string
  epoch: number
  size: number
  frontier: Buffer[]
  root: string
  checkpoint: Buffer | null
  checkpoint_at_s: number
  updated_at_s: number
  early_count: Generated<number>
}

export interface DeviceEventRow {
  tenant: string
  device: string
  epoch: number
  seq: number
  bytes: Buffer
}

/** A bundle beyond a gap of its log. */
export interface EarlyPieceRow {
  tenant: string
  device: string
  epoch: number
  first_seq: number
  end_seq: number
  root: string
  bytes: Buffer
  received_at_s: number
}

/** Something that is missing although what follows it is there. */
export interface DeviceGapRow {
  tenant: string
  device: string
  what: 'events' | 'receipts'
  epoch: number
  missing_from: number
  known_to: number
  proof: Buffer | null
  seen_at_s: number
  filled_at_s: number | null
}

/** A bay on a day, since 1970. */
export interface BayDayRow {
  tenant: string
  charger_id: string
  day: number
  connector_id: number
  up_s: number
  faulted_s: number
  silent_s: number
  taken_out_s: number
  closed_s: number
  dark_s: number
}

export interface QuarantineRow {
  tenant: string
  quarantine_id: string
  source: 'phone' | 'charger' | 'stranger'
  what: string
  code: string
  bytes: Buffer
  received_at_s: number
}

export interface DeviceLogsTables {
  inbox: InboxRow
  device_logs: DeviceLogRow
  device_events: DeviceEventRow
  device_gaps: DeviceGapRow
  early_pieces: EarlyPieceRow
  quarantine: QuarantineRow
  bay_days: BayDayRow
}
