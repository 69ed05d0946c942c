/** What came and goes by satellite. */

import type { Generated } from 'kysely'

export interface SatelliteTerminalRow {
  tenant: string
  imei: string
  charger_id: string
  created_at_s: number
}

export interface SatelliteLetterRow {
  tenant: string
  imei: string
  letter: number
  parts: number
  state: 'coming' | 'whole' | 'taken' | 'unreadable'
  sessions: number | null
  bytes_in: Generated<number>
  begun_at_s: number
  done_at_s: number | null
  attempts: Generated<number>
  next_at_s: Generated<number>
}

export interface SatellitePartRow {
  tenant: string
  imei: string
  letter: number
  part: number
  bytes: Buffer
}

export interface SatelliteAnswerRow {
  tenant: string
  imei: string
  letter: number
  part: number
  bytes: Buffer
  sent_at_s: number | null
  attempts: Generated<number>
  next_at_s: number
  fault: string | null
}

export interface SatelliteTables {
  satellite_terminals: SatelliteTerminalRow
  satellite_letters: SatelliteLetterRow
  satellite_parts: SatellitePartRow
  satellite_answers: SatelliteAnswerRow
}
