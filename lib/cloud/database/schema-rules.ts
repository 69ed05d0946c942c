/**
 * What the schema must keep to, so that it can be distributed by tenant and its money rows cannot be changed. Each
 * rule is one query against PostgreSQL's catalogue that gives what breaks it. Run by tests and by `npm run db -- check`.
 */

import { appRole } from './connection'
import { changingTables, referenceTables } from './row-rights'

export interface SchemaRule {
  readonly name: string
  readonly why: string
  /** Gives rows with one text column `broken`. */
  readonly sql: string
}

const literals = (names: readonly string[]): string =>
  names.map((name) => `'${name.replaceAll("'", "''")}'`).join(', ')

/** Our own tables: not those of extensions, and not the shards that Citus keeps beside them on one node. */
const tables = `(
  select c.oid, c.relname, c.relowner, c.relrowsecurity from pg_class c
  where c.relkind in ('r','p') and c.relnamespace = 'public'::regnamespace and c.relname !~ '_[0-9]{6,}$'
    and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'))`
const tenantTables = `(select * from ${tables} t where t.relname not in (${literals(referenceTables)}))`

export const schemaRules: readonly SchemaRule[] = [
  {
    name: 'every table holds the tenant',
    why: 'rows are spread by it, and one transaction belongs to one tenant',
    sql: `select t.relname as broken from ${tenantTables} t where not exists (
      select from pg_attribute a where a.attrelid = t.oid and a.attname = 'tenant' and a.attnotnull)`,
  },
  {
    name: 'every table has a primary key',
    why: 'replays find what they wrote',
    sql: `select t.relname as broken from ${tables} t where not exists (
      select from pg_constraint k where k.conrelid = t.oid and k.contype = 'p')`,
  },
  {
    name: 'every primary key, unique key and unique index holds the tenant',
    why: 'uniqueness can only be kept within one node',
    sql: `select i.indexrelid::regclass::text as broken from pg_index i join ${tenantTables} t on t.oid = i.indrelid
      where i.indisunique and not exists (
        select from pg_attribute a where a.attrelid = t.oid and a.attname = 'tenant' and a.attnum = any (i.indkey))`,
  },
  {
    name: 'every foreign key holds the tenant on both sides',
    why: 'parent and child lie on one node',
    sql: `select k.conname as broken from pg_constraint k join ${tenantTables} t on t.oid = k.conrelid
      where k.contype = 'f' and k.conparentid = 0
        and (select relname from pg_class where oid = k.confrelid) not in (${literals(referenceTables)})
        and not exists (select from unnest(k.conkey, k.confkey) as pair (child, parent)
          join pg_attribute c on c.attrelid = k.conrelid and c.attnum = pair.child and c.attname = 'tenant'
          join pg_attribute p on p.attrelid = k.confrelid and p.attnum = pair.parent and p.attname = 'tenant')`,
  },
  {
    name: 'no sequence, serial or identity column',
    why: 'a counter of the whole system is a lock on the whole system',
    sql: `select c.relname::text as broken from pg_class c where c.relkind = 'S' and c.relnamespace = 'public'::regnamespace
      union all select t.relname || '.' || a.attname from ${tables} t join pg_attribute a on a.attrelid = t.oid
      where a.attidentity <> ''`,
  },
  {
    name: 'no trigger and no rule',
    why: 'Citus refuses triggers on distributed tables, and money moves only where the code says so',
    sql: `select g.tgname::text as broken from pg_trigger g join ${tables} t on t.oid = g.tgrelid
      where not g.tgisinternal and g.tgname !~ '^(citus|truncate_trigger)'
      union all select r.rulename from pg_rewrite r join ${tables} t on t.oid = r.ev_class where r.rulename <> '_RETURN'`,
  },
  {
    name: 'every table shows a tenant only its own rows',
    why: 'a query that forgets its tenant gets nothing instead of everything',
    sql: `select t.relname as broken from ${tenantTables} t where not t.relrowsecurity or not exists (
      select from pg_policy p where p.polrelid = t.oid and pg_get_expr(p.polqual, t.oid) like '%app.tenant%'
        and pg_get_expr(p.polwithcheck, t.oid) like '%app.tenant%')`,
  },
  {
    name: 'the application owns nothing and is above nobody',
    why: 'an owner can grant itself what it lacks',
    sql: `select t.relname || ' is owned by ${appRole}' as broken from ${tables} t
      where pg_has_role('${appRole}', t.relowner, 'member')
      union all select rolname || ' is more than a role without rights' from pg_roles
      where rolname = '${appRole}' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)`,
  },
  {
    name: 'only tables named in row-rights.ts may change',
    why: 'money and evidence are written once',
    sql: `select t.relname || ': ' || lower(r) as broken from ${tables} t, unnest(array['UPDATE','DELETE','TRUNCATE']) as r
      where has_table_privilege('${appRole}', t.oid, r) and (r = 'TRUNCATE' or t.relname not in (${literals(Object.keys(changingTables))}))
      union all select t.relname || '.' || a.attname || ': update' from ${tables} t join pg_attribute a on a.attrelid = t.oid
      where a.attnum > 0 and not a.attisdropped and t.relname not in (${literals(Object.keys(changingTables))})
        and has_column_privilege('${appRole}', t.oid, a.attnum, 'UPDATE')
        and not has_table_privilege('${appRole}', t.oid, 'UPDATE')`,
  },
]
