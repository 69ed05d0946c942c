/** Who did what to whom: one line for each act that somebody may have to answer for. */

import type { Cloud } from './context'
import type { TenantTransaction } from './database/connection'
import { randomId } from './secrets'

type Books = Pick<Cloud, 'clock' | 'random'> & { readonly config: Pick<Cloud['config'], 'tenant'> }

export async function writeAuditLine(
  cloud: Books,
  tx: TenantTransaction,
  author: string,
  action: string,
  subject: string,
  organisationId: string | null = null,
): Promise<void> {
  await tx
    .insertInto('audit_lines')
    .values({
      tenant: cloud.config.tenant,
      line_id: randomId(cloud.random),
      author,
      action,
      subject,
      organisation_id: organisationId,
      at_s: cloud.clock.nowS(),
    })
    .execute()
}
