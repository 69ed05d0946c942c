/** Reads back from the operator's books what became of a replay. */

import { sessionStates } from '@/lib/cloud/ingest/queries'
import { reservedOf } from '@/lib/cloud/issuance/queries'
import { openCaseCount } from '@/lib/cloud/cases/queries'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant, type TenantTransaction } from '@/lib/cloud/database/connection'
import { receivableAccount, type OwnerAccount } from '@/lib/cloud/ledger/accounts'
import { balanceOf, proveLedger } from '@/lib/cloud/ledger/queries'
import type { OwnerCredit, ReplayFacts, UnbookedSession } from './outcome'

export interface PaidIn {
  readonly driver: string
  readonly owner: OwnerAccount
  readonly paidInMinor: number
}

export function readBooks(
  cloud: Cloud,
  sessions: readonly UnbookedSession[],
  paidIn: readonly PaidIn[],
): Promise<Pick<ReplayFacts, 'sessions' | 'owners' | 'ledgerImbalanceMinor' | 'openCases'>> {
  const { tenant } = cloud.config
  return inTenant(cloud.db, tenant, async (tx) => {
    const ids = sessions.flatMap(({ delivery }) => ('sessionId' in delivery ? [delivery.sessionId] : []))
    const booked = new Map(
      (await sessionStates(tx, tenant, ids)).map(({ sessionId, state, totalMinor }) => [
        sessionId,
        { state, totalMinor },
      ]),
    )
    const { imbalanceMinor, isProved } = await proveLedger(tx, tenant)
    if (!isProved && imbalanceMinor === 0) throw new Error('An account differs from the sum of its transfers')
    return {
      sessions: sessions.map((session) => ({
        ...session,
        booked: 'sessionId' in session.delivery ? booked.get(session.delivery.sessionId) : undefined,
      })),
      owners: await ownersOf(cloud, tx, paidIn),
      ledgerImbalanceMinor: imbalanceMinor,
      openCases: await openCaseCount(tx, tenant),
    }
  })
}

async function ownersOf(
  { config: { tenant, currency } }: Cloud,
  tx: TenantTransaction,
  paidIn: readonly PaidIn[],
): Promise<readonly OwnerCredit[]> {
  const owners: OwnerCredit[] = []
  for (const owner of new Set(paidIn.map((paid) => paid.owner))) {
    const own = paidIn.filter((paid) => paid.owner === owner)
    const balance = await balanceOf(tx, tenant, owner, currency)
    const owed = await balanceOf(tx, tenant, receivableAccount(owner), currency)
    const { reservedMinor } = await reservedOf(tx, tenant, owner)
    owners.push({
      owner,
      drivers: own.map(({ driver }) => driver),
      paidInMinor: own.reduce((sum, { paidInMinor }) => sum + paidInMinor, 0),
      leftMinor: balance.postedMinor + reservedMinor + owed.postedMinor,
    })
  }
  return owners
}
