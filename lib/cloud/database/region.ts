/** The region that a database stands in, and that a tenant named for its data (docs/privacy.md). */

import pg from 'pg'
import type { OperatorId } from '@/lib/core/ids'
import { regionPattern } from '../region-name'
import type { TenantTransaction } from './connection'

/** Its message is one plain sentence for whoever runs the program. */
export class WrongRegion extends Error {
  override readonly name = 'WrongRegion'
}

/**
 * Says once where the database stands. Needs the tables' owner: the application cannot say it. Throws `WrongRegion` where it
 * stands somewhere else already.
 */
export async function declareRegion(adminUrl: string, region: string): Promise<'declared' | 'known'> {
  if (!regionPattern.test(region))
    throw new WrongRegion(`A region is named by 2 to 31 of a to z, 0 to 9 and -, such as eu-central.`)
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'outpost-region' })
  await client.connect()
  try {
    const declared = await client.query(
      'insert into regions_here (one, region) values (0, $1) on conflict (one) do nothing returning 1',
      [region],
    )
    const { rows } = await client.query<{ region: string }>('select region from regions_here')
    const standing = rows[0]?.region
    if (standing !== region)
      throw new WrongRegion(
        `This database stands in ${standing}; data of ${region} belongs into another one.`,
      )
    return declared.rows.length > 0 ? 'declared' : 'known'
  } finally {
    await client.end()
  }
}

/**
 * Notes the region that the tenant names, once and for all; without a name nothing is checked. Throws `WrongRegion` where it
 * named another one before, or where this database does not stand there.
 */
export async function nameRegion(
  tx: TenantTransaction,
  tenant: OperatorId,
  region: string | undefined,
): Promise<void> {
  const row = await tx.selectFrom('tenants').select('region').where('tenant', '=', tenant).executeTakeFirst()
  const named = row?.region ?? undefined
  if (region === named) return
  if (region === undefined || named !== undefined)
    throw new WrongRegion(
      `${tenant} keeps its data in ${named ?? 'no named region'}, and this process is said to run in ${region ?? 'none'} (OUTPOST_REGION).`,
    )
  const here = await tx.selectFrom('regions_here').select('region').where('region', '=', region).execute()
  if (here.length === 0)
    throw new WrongRegion(
      `This database does not stand in ${region}. If it does, say so once: npm run db -- region ${region}`,
    )
  await tx.updateTable('tenants').set({ region }).where('tenant', '=', tenant).execute()
}
