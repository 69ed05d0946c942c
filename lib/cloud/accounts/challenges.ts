/**
 * Challenges for passkeys: each lives five minutes and is taken out of the database by its first use, so that an answer
 * cannot be played twice, and serves one purpose for one account alone.
 */

import type { Cloud } from '../context'
import { inTenant } from '../database/connection'
import type { ChallengeRow } from '../database/tables/accounts'
import { randomId } from '../secrets'

const challengeLifeS = 300

export interface ChallengeOrder {
  readonly purpose: ChallengeRow['purpose']
  readonly challenge: string
  /** Whose it is, where somebody is signed in or has shown a recovery code. */
  readonly accountId?: string
  /** The recovery code that it follows from. */
  readonly codeHash?: string
}

/** Gives the id under which the answer comes back. */
export async function keepChallenge(cloud: Cloud, order: ChallengeOrder): Promise<string> {
  const { tenant } = cloud.config
  const challengeId = randomId(cloud.random)
  await inTenant(cloud.db, tenant, (tx) =>
    tx
      .insertInto('challenges')
      .values({
        tenant,
        challenge_id: challengeId,
        purpose: order.purpose,
        challenge: order.challenge,
        account_id: order.accountId ?? null,
        code_hash: order.codeHash ?? null,
        expires_at_s: cloud.clock.nowS() + challengeLifeS,
      })
      .execute(),
  )
  return challengeId
}

export interface TakenChallenge {
  readonly challenge: string
  readonly accountId: string | null
  readonly codeHash: string | null
}

/** Deleting is the single use: of two answers to one challenge, only one finds it. */
export async function takeChallenge(
  cloud: Cloud,
  purpose: ChallengeRow['purpose'],
  challengeId: string,
): Promise<TakenChallenge | undefined> {
  const { tenant } = cloud.config
  const taken = await inTenant(cloud.db, tenant, (tx) =>
    tx
      .deleteFrom('challenges')
      .where('tenant', '=', tenant)
      .where('challenge_id', '=', challengeId)
      .where('purpose', '=', purpose)
      .returning(['challenge', 'account_id', 'code_hash', 'expires_at_s'])
      .executeTakeFirst(),
  )
  if (taken === undefined || taken.expires_at_s < cloud.clock.nowS()) return undefined
  return { challenge: taken.challenge, accountId: taken.account_id, codeHash: taken.code_hash }
}
