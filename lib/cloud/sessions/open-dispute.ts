/** A fleet says that the bill of one of its sessions is wrong. */

import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import { writeAuditLine } from '../audit'
import type { DisputeReason } from '../cases/case-reasons'
import { disputeSession } from '../cases/commands'
import type { Cloud } from '../context'
import { fleetAccount } from '../ledger/accounts'

export interface DisputeOrder {
  readonly fleetId: string
  readonly author: string
  readonly sessionId: string
  readonly reason: DisputeReason
  readonly note: string
}

export const openDispute = (
  cloud: Cloud,
  { fleetId, author, sessionId, reason, note }: DisputeOrder,
): Promise<Result<{ readonly caseId: string }, Refusal>> =>
  disputeSession(cloud, {
    ...{ sessionId, reason, note, owner: fleetAccount(fleetId) },
    alongside: (tx) => writeAuditLine(cloud, tx, author, 'dispute.open', sessionId, fleetId),
  })
