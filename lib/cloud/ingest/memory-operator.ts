/** The operator of books in memory: what PostgreSQL's rows and the settings say of a real one. */

import type { Bytes } from '@/lib/core/bytes'
import type { Clock } from '@/lib/core/clock'
import type { CurrencyCode, OperatorId, PublicKey } from '@/lib/core/ids'
import type { Signer } from '@/lib/crypto/signature'
import type { VerifiedMessage } from '@/lib/protocol/message'
import type { TrustList } from '@/lib/protocol/messages/trust-list'

/** Whose books these are, and what phones and chargers are told about it. */
export interface MemoryOperator {
  readonly tenant: OperatorId
  readonly currency: CurrencyCode
  readonly root: PublicKey
  readonly trustList: VerifiedMessage<TrustList>
  readonly policy: Bytes
  readonly issuer: Signer
  readonly clock: Clock
}
