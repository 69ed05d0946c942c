/** One step of the schema. Its text never changes once it has left the house: later changes are later steps. */

export interface Migration {
  readonly id: string
  readonly sql: string
}

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
