/** How an act on an organisation runs: in one transaction with the library, its row locked, by somebody who is known. */

import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { Cloud } from '../context'
import { transact, type TenantTransaction } from '../database/connection'
import type { Person } from './library'
import { asCaller } from './library-store'
import { personOf } from './queries'

/** One transaction for our rows and the library's. */
export const inLibrary = <T>(
  cloud: Cloud,
  work: (tx: TenantTransaction) => Promise<Result<T, Refusal>>,
): Promise<Result<T, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, (tx) => asCaller(cloud, tx, () => work(tx)))

export async function actor(
  cloud: Cloud,
  tx: TenantTransaction,
  { organisationId, author }: { readonly organisationId: string; readonly author: string },
): Promise<Result<Person, Refusal>> {
  const { tenant } = cloud.config
  await lockOrganisation(tx, tenant, organisationId)
  const person = await personOf(tx, tenant, author)
  return person === undefined ? err(refusal('api.forbidden')) : ok(person)
}

export const lockOrganisation = (
  tx: TenantTransaction,
  tenant: string,
  organisationId: string,
): Promise<unknown> =>
  tx
    .selectFrom('organisations')
    .select('organisation_id')
    .where('tenant', '=', tenant)
    .where('organisation_id', '=', organisationId)
    .forUpdate()
    .execute()

/** What is known of somebody stays as it was first said. */
export async function keepPerson(cloud: Cloud, tx: TenantTransaction, person: Person): Promise<Person> {
  const { tenant } = cloud.config
  await tx
    .insertInto('console_people')
    .values({
      tenant,
      account_id: person.accountId,
      name: person.name,
      email: person.email.toLowerCase(),
      created_at_s: cloud.clock.nowS(),
    })
    .onConflict((conflict) => conflict.columns(['tenant', 'account_id']).doNothing())
    .execute()
  return (await personOf(tx, tenant, person.accountId)) ?? person
}
