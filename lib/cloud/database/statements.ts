/**
 * Cuts the text of a migration into its statements. Citus passes some commands on to its nodes as they were written,
 * and a node refuses a text with several, so each is sent alone. Pure.
 */

/** Knows quotes, dollar quotes and line comments, which is all that our migrations use. */
const token = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|;/g

export function statementsOf(sql: string): readonly string[] {
  const statements: string[] = []
  let start = 0
  for (const match of sql.matchAll(token)) {
    if (match[0] !== ';') continue
    statements.push(sql.slice(start, match.index))
    start = match.index + 1
  }
  statements.push(sql.slice(start))
  return statements.map((statement) => statement.trim()).filter((statement) => statement !== '')
}
