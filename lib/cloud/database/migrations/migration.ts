/** One step of the schema. Its text never changes once it has left the house: later changes are later steps. */

export interface Migration {
  readonly id: string
  readonly sql: string
}

/**
 * Spreads a table that is new in a database which Citus has distributed already; does nothing anywhere else. Citus
 * refuses a foreign key from a table of one node to a distributed one, so keys are added after this line.
 */
export const distributed = (table: string): string => `
    do $$ begin
      if exists (select from pg_extension where extname = 'citus') then
        if exists (select from pg_dist_partition where logicalrelid = 'tenants'::regclass) then
          perform create_distributed_table('${table}', 'tenant', colocate_with => 'tenants');
        end if;
      end if;
    end $$;`

/**
 * Rights of the application's role on tables, with rows visible only to the tenant that a transaction names. Rows of
 * money and evidence are immutable because the role lacks UPDATE and DELETE; Citus refuses triggers.
 */
export function tenantTables(rights: Readonly<Record<string, string>>): string {
  return Object.entries(rights)
    .map(
      ([table, allowed]) => `
        grant ${allowed} on ${table} to outpost_app;
        alter table ${table} enable row level security;
        create policy own_tenant on ${table}
          using (tenant = current_setting('app.tenant', true))
          with check (tenant = current_setting('app.tenant', true));`,
    )
    .join('\n')
}
