/** Bays that a technician took out of service, as they were last written down. */

import type { Journal } from '@/lib/journal/journal'
import { metaKeys, rows, type KioskTable } from '../session/records'
import { known, readRow } from './stored-rows'

export function takenOutBays(journal: Journal<KioskTable>): ReadonlySet<number> {
  const row = known(readRow(journal, 'meta', metaKeys.outOfService, rows.outOfService.decode))
  return new Set(row?.bays ?? [])
}
