/** What a file's good rows would do to a fleet's list as it stands. Pure. */

import type { GoodRow } from './read-rows'
import { columnsOf, importKeyOf, type Cells, type RosterKind } from './roster-kinds'

export interface StandingRow {
  readonly id: string
  readonly version: number
  readonly cells: Cells
}

export type PlannedRow =
  | { readonly line: number; readonly action: 'add'; readonly cells: Cells }
  | {
      readonly line: number
      readonly action: 'change' | 'same'
      /** As they would stand: of columns that the file lacks, as before. */
      readonly cells: Cells
      readonly standing: StandingRow
    }

export interface Found {
  readonly good: readonly GoodRow[]
  readonly columns: readonly string[]
}

export function planImport(
  kind: RosterKind,
  { good, columns }: Found,
  standing: readonly StandingRow[],
): readonly PlannedRow[] {
  const known = new Map(standing.map((row) => [importKeyOf(row.cells), row]))
  const has = (column: string): boolean => columns.includes(column === 'vehicle_class' ? 'class' : column)
  return good.map(({ line, cells }) => {
    const found = known.get(importKeyOf(cells))
    if (found === undefined) return { line, action: 'add', cells }
    const before = new Map<string, unknown>(Object.entries(found.cells))
    const after = new Map<string, unknown>(Object.entries(cells))
    const kept = columnsOf[kind].filter((column) => !has(column))
    const merged = {
      ...cells,
      ...Object.fromEntries(kept.map((column) => [column, before.get(column)])),
    } as Cells
    const isSame = columnsOf[kind].every(
      (column) => !has(column) || (before.get(column) ?? null) === (after.get(column) ?? null),
    )
    return { line, action: isSame ? 'same' : 'change', cells: merged, standing: found }
  })
}

export interface ImportCounts {
  readonly add: number
  readonly change: number
  readonly same: number
  readonly refused: number
}

export function countsOf(plan: readonly PlannedRow[], refused: number): ImportCounts {
  const of = (action: PlannedRow['action']): number => plan.filter((row) => row.action === action).length
  return { add: of('add'), change: of('change'), same: of('same'), refused }
}
