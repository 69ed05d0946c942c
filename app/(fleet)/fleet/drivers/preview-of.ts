/** What the API says about a file, as the page draws it. Pure. */

import type { RosterKind } from '@/components/console/drivers/drivers-view'
import type { ImportPreview, ImportRow } from '@/components/console/drivers/import-view'
import type { PreviewAnswer } from './answers'

type Looked = PreviewAnswer

export const previewOf = (kind: RosterKind, { counts, rows, refused }: Looked): ImportPreview => ({
  counts,
  refused,
  rows: rows.map((row) => ({ line: row.line, action: row.action, ...cellsOf(kind, row) })),
})

const cellsOf = (kind: RosterKind, row: Looked['rows'][number]): Pick<ImportRow, 'title' | 'cells'> =>
  kind === 'drivers'
    ? { title: row.name ?? '', cells: [row.reference ?? '', row.email ?? ''] }
    : { title: row.plate ?? '', cells: [row.name ?? '', String(row.class ?? 0)] }
