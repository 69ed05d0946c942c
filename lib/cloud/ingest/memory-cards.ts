/** Printed cards of an operator in memory: what `issuance/vouchers.ts` does on a database, for simulated worlds. */

import type { Bytes } from '@/lib/core/bytes'
import { toHex } from '@/lib/core/bytes'
import type { Clock, Random } from '@/lib/core/clock'
import { grantSerial, siteId, type CurrencyCode, type GrantSerial, type OperatorId } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { addSeconds, minorUnits } from '@/lib/core/units'
import type { Signer } from '@/lib/crypto/signature'
import { riskDefaults } from '@/lib/policy/defaults'
import { signMessage } from '@/lib/protocol/message'
import { voucher } from '@/lib/protocol/messages/voucher'
import { reserveAccount, type OwnerAccount } from '../ledger/accounts'
import type { KnownCard } from './mandate'
import type { MemoryStore } from './memory-store'

export interface MemoryCardOrder {
  readonly owner: OwnerAccount
  readonly capMinor: number
  readonly sites: readonly string[]
  readonly days: number
  readonly bearer: KnownCard['bearer']
}

export interface MemoryCard {
  readonly serial: GrantSerial
  readonly bytes: Bytes
}

interface MemoryIssuer {
  readonly tenant: OperatorId
  readonly currency: CurrencyCode
  readonly clock: Clock
  readonly random: Random
  readonly issuer: Signer
}

const dayS = 86_400

/** A card whose credit stands in its reserve, or `account.insufficient-funds`. */
export async function issueMemoryCard(
  { tenant, currency, clock, random, issuer }: MemoryIssuer,
  store: MemoryStore,
  { owner, capMinor, sites, days, bearer }: MemoryCardOrder,
): Promise<Result<MemoryCard, Refusal>> {
  const serial = grantSerial(toHex(random.bytes(8)))
  const notAfterS = addSeconds(clock.nowS(), days * dayS)
  const terms = { operator: tenant, serial, currency, capMinor: minorUnits(capMinor), notAfterS, bearer }
  const notBeforeS = addSeconds(clock.nowS(), -300)
  const signed = await signMessage(voucher, { ...terms, notBeforeS, sites: sites.map(siteId) }, issuer)
  return store.transaction(async (tx) => {
    const posted = await tx.post([
      {
        ...{ reference: serial, kind: 'reserve', effect: 'post', debit: owner, currency, reason: 'card' },
        ...{ credit: reserveAccount(serial), amountMinor: minorUnits(capMinor), author: owner },
      },
    ])
    if (!posted.ok) return err(refusal('account.insufficient-funds'))
    const releaseAfterS = notAfterS + riskDefaults.holdOutlivesGrantDays * dayS
    store.tables.reserves.set(serial, { owner, releaseAfterS, releasedAtS: null, coveredMinor: 0 })
    const { hash, bytes } = signed
    const known = { serial, hash, bearer, currency, capMinor, sites, notAfterS, revokedAtS: undefined }
    store.tables.cards.set(hash, known)
    return ok({ serial, bytes })
  })
}
