/** The connectors as they truly were when the power went, from the rows beside the journal. */

import { ok, type Result } from '@/lib/core/result'
import type { Journal, JournalFault } from '@/lib/journal/journal'
import { examineRecord, type MeterTrust } from '@/lib/metering/meter-record'
import type { ConnectorState, MachineSettings, Now, Phase } from '../session/connector-state'
import { rows, type KioskTable } from '../session/records'
import { recoveredPhase, sessionOf } from '../session/recovery'
import { initialConnector } from '../session/session-machine'
import type { Books } from './books'
import { known, readRow } from './stored-rows'

/** Throws on a running session that cannot be read: going on without it would lose somebody's money. */
export function recoverConnectors(
  journal: Journal<KioskTable>,
  books: Books,
  now: Now,
  settings: MachineSettings,
  trust: Omit<MeterTrust, 'knownKey'>,
): Result<readonly ConnectorState[], JournalFault> {
  const listed = journal.list('open')
  if (!listed.ok) return listed
  const states = listed.value.map(({ key, value }) => {
    const open = rows.open.decode(value)
    const row = open.ok ? books.session(open.value.sessionId) : undefined
    const session = open.ok && row !== undefined ? sessionOf(open.value, row) : undefined
    if (!open.ok || session?.ok !== true) throw new Error(`The running session at ${key} cannot be read`)
    const connectorId = Number(key)
    const phase = recoveredPhase(session.value, open.value, now, settings)
    return { ...initialConnector(connectorId), phase: withFirstRecord(phase, journal, key, trust) }
  })
  return ok(states)
}

/** What the meter signed at the begin, examined again. */
function withFirstRecord(
  phase: Phase,
  journal: Journal<KioskTable>,
  key: string,
  { crypto, keyHash }: Omit<MeterTrust, 'knownKey'>,
): Phase {
  const row = known(readRow(journal, 'meter', key, rows.meter.decode))
  if (row === undefined || !('running' in phase)) return phase
  const keyText = row.key === undefined ? undefined : new TextDecoder().decode(row.key)
  const value = { data: new TextDecoder().decode(row.record), publicKey: keyText }
  const examined = examineRecord(value, { crypto, keyHash, knownKey: undefined })
  const records = { kept: [examined], keyText, isExpected: keyHash !== undefined }
  return { ...phase, running: { ...phase.running, records } }
}
