/** Seals that a technician looked at: compared with what was written down before, and written down anew, in one go. */

import type { GrantSerial } from '@/lib/core/ids'
import type { Result } from '@/lib/core/result'
import type { JournalFault } from '@/lib/journal/journal'
import type { JournalEvent } from '@/lib/protocol/journal-event'
import { sealFindings, type FoundSeal, type SealFinding } from '../safety/seals'
import { metaKeys, rows } from '../session/records'
import { meta } from './knowledge'
import type { Shell } from './shell'
import { known, readRow } from './stored-rows'

/** @param by serial of the technician's pass, which was checked before. */
export async function recordSeals(
  shell: Shell,
  found: readonly FoundSeal[],
  by: GrantSerial,
): Promise<Result<readonly SealFinding[], JournalFault>> {
  const row = known(readRow(shell.ports.journal, 'meta', metaKeys.seals, rows.seals.decode))
  const findings = sealFindings(row?.seals ?? [], found)
  const seals = found.filter(({ isIntact }) => isIntact).map(({ place, number }) => ({ place, number }))
  const events: JournalEvent[] = [
    ...findings.map(({ what, detail }) => shell.incident(what, detail)),
    { kind: 'sealed', timeS: shell.time.now().timeS, by, seals },
  ]
  const written = await shell.write(events, [meta(metaKeys.seals, rows.seals.encode({ seals }))])
  return written.ok ? { ok: true, value: findings } : written
}
