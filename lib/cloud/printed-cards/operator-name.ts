/** What the operator is called on paper: as its own organisation is named, else as chargers and phones show it. */

import type { Cloud } from '../context'
import { acrossOrganisations, type TenantTransaction } from '../database/connection'

export async function operatorName({ config }: Cloud, tx: TenantTransaction): Promise<string> {
  const { tenant } = config
  const own = await acrossOrganisations(tx, () =>
    tx
      .selectFrom('organisations')
      .select('name')
      .where('tenant', '=', tenant)
      .where('kind', '=', 'operator')
      .orderBy('created_at_s')
      .limit(1)
      .executeTakeFirst(),
  )
  return own?.name ?? tenant.charAt(0).toUpperCase() + tenant.slice(1)
}
