/** A fleet's token and the grant that stands for it now. */

import { toBytes, type Bytes } from '@/lib/core/bytes'
import { grantSerial, type GrantSerial } from '@/lib/core/ids'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'

export const lockToken = (cloud: Cloud, tx: TenantTransaction, fleetId: string, tokenId: string) =>
  tokenQuery(cloud, tx, fleetId, tokenId).forUpdate().executeTakeFirst()

export const readTokenRow = (cloud: Cloud, tx: TenantTransaction, fleetId: string, tokenId: string) =>
  tokenQuery(cloud, tx, fleetId, tokenId).executeTakeFirst()

const tokenQuery = (cloud: Cloud, tx: TenantTransaction, fleetId: string, tokenId: string) =>
  tx
    .selectFrom('fleet_tokens')
    .selectAll()
    .where('tenant', '=', cloud.config.tenant)
    .where('fleet_id', '=', fleetId)
    .where('token_id', '=', tokenId)

export interface LiveGrant {
  readonly serial: GrantSerial
  readonly bytes: Bytes
  readonly notAfterS: number
  readonly issuedAtS: number
}

/** The one that no other followed; undefined while nobody has claimed the token. */
export async function liveGrantOf(
  cloud: Cloud,
  tx: TenantTransaction,
  root: string,
): Promise<LiveGrant | undefined> {
  const row = await tx
    .selectFrom('grants')
    .select(['serial', 'bytes', 'not_after_s', 'issued_at_s'])
    .where('tenant', '=', cloud.config.tenant)
    .where(({ eb, or }) => or([eb('serial', '=', root), eb('root_serial', '=', root)]))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('grant_closes')
            .select('grant_closes.serial')
            .whereRef('grant_closes.tenant', '=', 'grants.tenant')
            .whereRef('grant_closes.serial', '=', 'grants.serial'),
        ),
      ),
    )
    .orderBy('issued_at_s', 'desc')
    .executeTakeFirst()
  return row === undefined
    ? undefined
    : {
        serial: grantSerial(row.serial),
        bytes: toBytes(row.bytes),
        notAfterS: row.not_after_s,
        issuedAtS: row.issued_at_s,
      }
}
