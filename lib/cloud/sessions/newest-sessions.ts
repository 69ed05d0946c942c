/** The newest of a fleet's sessions that fit a filter, found so that about as many rows are read as are wanted (ADR 0046). */

import { sql, type RawBuilder } from 'kysely'
import { arrayOf } from '../database/array-literal'
import type { Wanted } from './session-filter'

const columns = sql`s.session_id, s.serial, s.state, s.site_label, s.bay_label, s.charger_id, s.energy_wh, s.hold_minor,
  s.posted_minor, s.posted_tax_minor, s.upheld_minor, s.upheld_tax_minor, s.refunded_minor, s.refunded_tax_minor,
  s.currency, s.authorized_at_s, s.updated_at_s, s.by_phone, s.by_charger`

/** A page is sought among so many of the newest for each of its rows. */
const newestPerRow = 200

/** "offset 0" keeps the planner from walking through everything by time in the hope of soon meeting the few. */
export function newestOf({ within, conditions, way }: Wanted, countMax: number): RawBuilder<unknown> {
  const from = (what: RawBuilder<unknown>, fitting: readonly RawBuilder<unknown>[]) =>
    sql`select ${columns} from ${what} s where ${sql.join(fitting, sql` and `)}`
  const table = sql`charging_sessions`
  const fitting = from(table, [...within, ...conditions])
  const newest = (count: number) => sql`order by s.authorized_at_s desc, s.session_id limit ${count}`
  switch (way.by) {
    case 'time':
      return sql`${fitting} ${newest(countMax)}`
    case 'few':
      return sql`select * from (${fitting} offset 0) s ${newest(countMax)}`
    case 'either': {
      const latest = sql`(${from(table, within)} ${newest(countMax * newestPerRow)})`
      return sql`${from(latest, conditions)} ${newest(countMax)}`
    }
    case 'charger':
      return sql`
        select s.* from unnest(${arrayOf(way.chargers)}::text[]) as c (charger_id)
        cross join lateral (${fitting} and s.charger_id = c.charger_id ${newest(countMax)}) s ${newest(countMax)}`
  }
}
