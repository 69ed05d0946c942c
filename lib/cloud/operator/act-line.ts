/**
 * What the operator's people did to a fleet stands in two logs: in the operator's with who it was, and in the fleet's with
 * the operator as its author. A fleet learns what was done to it, not who works for the operator.
 */

import { writeAuditLine } from '../audit'
import type { CreditBooks } from '../credit/books'
import type { TenantTransaction } from '../database/connection'
import { operatorOf } from '../organisations/operator-owner'

export interface OperatorAct {
  readonly author: string
  readonly action: string
  /** In the fleet's log; what the operator's log names is the fleet. */
  readonly subject: string
  /** Null: it was about no fleet. */
  readonly fleetId: string | null
}

/** Of a transaction that sees all organisations. Without an organisation of the operator: as its terminal names the author. */
export async function writeOperatorAct(
  cloud: CreditBooks,
  tx: TenantTransaction,
  { author, action, subject, fleetId }: OperatorAct,
): Promise<void> {
  const operator = await operatorOf(cloud, tx)
  if (fleetId !== null) await writeAuditLine(cloud, tx, operator ?? author, action, subject, fleetId)
  if (operator !== undefined) await writeAuditLine(cloud, tx, author, action, fleetId ?? subject, operator)
  else if (fleetId === null) await writeAuditLine(cloud, tx, author, action, subject)
}
