/**
 * Opens cases: what people must look at, with the signed bytes that made it necessary. A case is named by what it is
 * about, so that the same doubt, met again, opens nothing twice.
 */

import type { Bytes } from '@/lib/core/bytes'
import { toHex, utf8 } from '@/lib/core/bytes'
import type { OperatorId } from '@/lib/core/ids'
import type { ReasonCode } from '@/lib/core/reason-codes'
import type { EpochSeconds } from '@/lib/core/units'
import { sha256 } from '@/lib/crypto/hash'
import type { TenantTransaction } from '../database/connection'

export type CaseKind =
  | 'two-finals'
  | 'exceeds-hold'
  | 'amount'
  | 'currency'
  | 'foreign-charger'
  | 'fork'
  | 'chain'
  | 'beyond-reserve'
  | 'device-fork'

export interface NewCase {
  readonly kind: CaseKind
  readonly code: ReasonCode
  readonly sessionId?: string
  readonly serial?: string
  readonly chargerId?: string
  readonly facts?: Readonly<Record<string, string | number>>
  readonly evidence: readonly { readonly label: string; readonly bytes: Bytes }[]
}

export async function openCases(
  tx: TenantTransaction,
  tenant: OperatorId,
  nowS: EpochSeconds,
  cases: readonly NewCase[],
): Promise<void> {
  if (cases.length === 0) return
  const rows = cases
    .map((item) => ({ item, caseId: caseIdOf(item) }))
    .toSorted((a, b) => (a.caseId < b.caseId ? -1 : 1))
  await tx
    .insertInto('cases')
    .values(
      rows.map(({ item, caseId }) => ({
        tenant,
        case_id: caseId,
        kind: item.kind,
        code: item.code,
        session_id: item.sessionId ?? null,
        serial: item.serial ?? null,
        charger_id: item.chargerId ?? null,
        facts: JSON.stringify(item.facts ?? {}),
        state: 'open' as const,
        opened_at_s: nowS,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const evidence = rows.flatMap(({ item, caseId }) =>
    item.evidence.map(({ label, bytes }) => ({
      tenant,
      case_id: caseId,
      hash: toHex(sha256(bytes)),
      label,
      bytes: Buffer.from(bytes),
    })),
  )
  if (evidence.length === 0) return
  await tx
    .insertInto('case_evidence')
    .values(evidence)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

function caseIdOf({ kind, sessionId = '', serial = '', chargerId = '' }: NewCase): string {
  const subject = kind === 'beyond-reserve' ? `${serial}` : `${sessionId} ${serial} ${chargerId}`
  return toHex(sha256(utf8(`${kind} ${subject}`)).subarray(0, 16))
}
