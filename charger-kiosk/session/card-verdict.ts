/** What a charger is told about a token, by why it was refused; and Plug & Charge: whether a contract counts. Pure. */

import { messageHash, type MessageHash } from '@/lib/core/ids'
import { utf8 } from '@/lib/core/bytes'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { sha256Hex } from '@/lib/crypto/hash'
import type { AuthorizationStatus, CertificateStatus, ContractHash } from '../ocpp/port'
import type { Card } from './card-list'

const statuses: Partial<Readonly<Record<ReasonCode, AuthorizationStatus>>> = {
  'card.unknown': 'Unknown',
  'card.in-use': 'ConcurrentTx',
  'card.list-expired': 'Expired',
  'voucher.expired': 'Expired',
  'voucher.revoked': 'Blocked',
  'permit.vetoed': 'Blocked',
  'grant.frozen': 'Blocked',
  'voucher.spent': 'NoCredit',
  'voucher.site': 'NotAtThisLocation',
}

export const statusFor = (code: ReasonCode): AuthorizationStatus => statuses[code] ?? 'Invalid'

/** Names one contract certificate in a list: the issuer makes it of the same four texts, in lower case. */
export const contractPin = ({
  hashAlgorithm,
  issuerNameHash,
  issuerKeyHash,
  serialNumber,
}: ContractHash): MessageHash => {
  const parts = [hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber]
  return messageHash(sha256Hex(utf8(parts.join('\n').toLowerCase())).slice(0, 32))
}

export interface PresentedContract {
  readonly contracts?: readonly ContractHash[]
  readonly bringsContract?: boolean
}

/**
 * Undefined where no contract was presented. The charger has checked the chain and the signature (ISO 15118); without a
 * network nobody can ask its issuer, so the list says which contract counts. A contract that the charger could not check
 * itself counts nowhere: its roots are not here.
 */
export function contractStatus(
  card: Card,
  { contracts = [], bringsContract = false }: PresentedContract,
): CertificateStatus | undefined {
  if (bringsContract && contracts.length === 0) return 'CertChainError'
  if (contracts.length === 0) return undefined
  if (card.contracts === undefined) return 'Accepted'
  const presented = contracts.map(contractPin)
  return card.contracts.some((pin) => presented.includes(pin)) ? 'Accepted' : 'ContractCancelled'
}
