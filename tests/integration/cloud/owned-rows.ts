/**
 * Everything in the database that belongs to one organisation: rows that name it, and rows that hang on those by a grant,
 * a session, a person or an account of the books. Read from the catalogue, so that new tables are there by themselves.
 */

import type pg from 'pg'

export interface OwnedColumn {
  readonly table: string
  readonly column: string
}

/** Columns by which a row says whose it is. */
const ownerColumns = ['fleet_id', 'organisation_id', 'owner']
/** Columns by which rows of the same organisation hang together. */
const linkColumns = ['serial', 'root_serial', 'session_id', 'account_id', 'account', 'debit', 'credit']

const columnsNamed = async (client: pg.Client, names: readonly string[]): Promise<readonly OwnedColumn[]> =>
  (
    await client.query<{ table: string; column: string }>(
      `select c.table_name::text as "table", c.column_name::text as "column" from information_schema.columns c
        join information_schema.tables t using (table_schema, table_name)
        where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.column_name = any($1)
        order by 1, 2`,
      [names],
    )
  ).rows

export const ownedColumns = (client: pg.Client): Promise<readonly OwnedColumn[]> =>
  columnsNamed(client, ownerColumns)

type Row = Readonly<Record<string, unknown>>
/** Table → its rows, as text, in one order. */
export type Dump = Readonly<Record<string, readonly Row[]>>

export async function ownedRows(client: pg.Client, organisationId: string): Promise<Dump> {
  const owners = await columnsNamed(client, ownerColumns)
  const links = await columnsNamed(client, linkColumns)
  const found = new Map<string, Map<string, Row>>()
  const take = async (columns: readonly OwnedColumn[], wanted: readonly string[]): Promise<void> => {
    for (const { table, column } of columns) {
      const { rows } = await client.query<{ row: Row }>(
        `select to_jsonb(t) as row from ${table} t where ${column}::text = any($1)`,
        [wanted],
      )
      const kept = found.get(table) ?? new Map<string, Row>()
      found.set(table, kept)
      for (const { row } of rows) kept.set(JSON.stringify(row), row)
    }
  }
  await take(owners, [organisationId, `fleet:${organisationId}`])
  // From tokens to their grants, from grants to their sessions, from sessions to their cases and evidence.
  for (let round = 0; round < 3; round += 1) {
    const named = [...found.values()].flatMap((rows) => [...rows.values()].flatMap(linksOf))
    await take(links, [...new Set([`fleet:${organisationId}`, ...named])])
  }
  return Object.fromEntries(
    [...found].sort().map(([table, rows]) => [table, [...rows].sort().map(([, row]) => row)]),
  )
}

const linksOf = (row: Row): readonly string[] =>
  ['serial', 'session_id', 'account_id'].flatMap((name) => {
    const value = row[name]
    if (typeof value !== 'string' || value === '') return []
    return name === 'serial' ? [value, `reserve:${value}`] : [value]
  })

export interface OwnedText {
  readonly text: string
  /** Every column that it stands in. */
  readonly columns: ReadonlySet<string>
}

export function textsOf(dump: Dump): readonly OwnedText[] {
  const seen = new Map<string, Set<string>>()
  for (const rows of Object.values(dump))
    for (const row of rows)
      for (const [column, value] of Object.entries(row))
        for (const text of Array.isArray(value) ? value : [value])
          if (typeof text === 'string' && text !== '')
            seen.set(text, (seen.get(text) ?? new Set<string>()).add(column))
  return [...seen].map(([text, columns]) => ({ text, columns }))
}
