/**
 * Many rows for one statement: one array a column, so that PostgreSQL parses one text however many there are. What all
 * rows have in common is sent and read once: most of a batch's columns hold one word.
 */

import { sql, type RawBuilder } from 'kysely'
import { arrayOf } from './array-literal'

type Value = string | number | boolean | null
export type RowColumn<T> = readonly [name: string, type: string, pick: (row: T) => Value]

export interface RowSource {
  /** For a `from`; its columns are called as given, and the whole `n`. */
  readonly from: RawBuilder<unknown>
  /** What to select for each column, in their order. */
  readonly values: readonly RawBuilder<unknown>[]
}

/** The first column is the rows' key. */
export function rowSource<T>(rows: readonly T[], columns: readonly RowColumn<T>[]): RowSource {
  const arrays: RawBuilder<unknown>[] = []
  const names: string[] = []
  const values = columns.map(([name, type, pick], index) => {
    const [row] = rows
    const first = row === undefined ? null : pick(row)
    if (index > 0 && rows.every((one) => pick(one) === first)) return sql`${first}::${sql.raw(type)}`
    arrays.push(sql`${arrayOf(rows.map(pick))}::${sql.raw(type)}[]`)
    names.push(name)
    return sql.raw(`n.${name}`)
  })
  return { from: sql`unnest(${sql.join(arrays)}) as n (${sql.raw(names.join(', '))})`, values }
}
