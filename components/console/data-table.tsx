/** Rows to compare: a head that stays in sight, a quiet zebra, figures at the right edge of their column. */

import type { ReactNode } from 'react'
import { classNames } from '@/components/ui/class-names'

export interface Column<Row> {
  readonly id: string
  readonly head: string
  /** Figures and acts stand right. */
  readonly align?: 'right'
  /** Names the row for screen readers. */
  readonly isRowHead?: boolean
  cell(row: Row): ReactNode
}

export interface DataTableProps<Row> {
  /** What the table lists, for those who cannot see the title above it. */
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly empty: string
  keyOf(row: Row): string
}

export function DataTable<Row>({ caption, columns, rows, empty, keyOf }: DataTableProps<Row>) {
  if (rows.length === 0) return <p className="border-y border-line py-6 text-mute">{empty}</p>
  const side = (column: Column<Row>): string => (column.align === 'right' ? 'text-right' : 'text-left')
  return (
    // On a narrow page the table scrolls by itself, and the keyboard can reach it to do so.
    <div className="max-lg:overflow-x-auto" tabIndex={0} role="region" aria-label={caption}>
      <table className="w-full border-collapse border-b border-line tabular max-lg:min-w-[48rem]">
        <caption className="sr-only">{caption}</caption>
        <thead className="sticky top-0 z-10 bg-paper">
          <tr>
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                className={classNames(
                  'border-b border-edge px-3 py-2 text-note font-bold text-mute',
                  side(column),
                )}
              >
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className="even:bg-card">
              {columns.map((column) => {
                const Cell = column.isRowHead === true ? 'th' : 'td'
                return (
                  <Cell
                    key={column.id}
                    {...(column.isRowHead === true ? { scope: 'row' as const } : {})}
                    className={classNames('px-3 py-2 align-middle', side(column))}
                  >
                    {column.cell(row)}
                  </Cell>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
