/**
 * The day after a recovery code let somebody in: all that is taken along in it is together no more than a charger gives
 * a stranger (PROTOCOL.md, risk limits). A thief with a found code gets that much; the owner is not stranded.
 */

import { addSeconds, epochSeconds, minorUnits, type EpochSeconds, type MinorUnits } from '@/lib/core/units'
import { riskDefaults, wholeUnits } from '@/lib/policy/defaults'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'
import { walletAccount } from '../ledger/accounts'

export const coolOffS = 86_400

export interface CoolOff {
  readonly untilS: EpochSeconds
  /** What may still be taken along before; zero or more. */
  readonly restMinor: MinorUnits
}

/** Undefined where nothing is held back. */
export async function coolOffOf(
  cloud: Cloud,
  tx: TenantTransaction,
  accountId: string,
): Promise<CoolOff | undefined> {
  const { tenant, currency } = cloud.config
  const account = await tx
    .selectFrom('accounts')
    .select('recovered_at_s')
    .where('tenant', '=', tenant)
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  const recoveredAtS = account?.recovered_at_s ?? null
  if (recoveredAtS === null || recoveredAtS + coolOffS <= cloud.clock.nowS()) return undefined
  const sum = await tx
    .selectFrom('grants')
    .select(({ fn }) => fn.sum<number | null>('cap_minor').as('taken'))
    .where('tenant', '=', tenant)
    .where('owner', '=', walletAccount(accountId))
    .where('issued_at_s', '>=', recoveredAtS)
    .executeTakeFirstOrThrow()
  const mostMinor = wholeUnits(riskDefaults.firstSeenCap, currency)
  return {
    untilS: addSeconds(epochSeconds(recoveredAtS), coolOffS),
    restMinor: minorUnits(Math.max(0, mostMinor - Number(sum.taken ?? 0))),
  }
}
