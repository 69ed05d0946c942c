/**
 * Looks at the whole chain of each grant that got news, from authorizations and from what chargers met. A
 * contradiction freezes the grant and opens cases; what was signed is still owed.
 */

import type { GrantSerial, MessageHash } from '@/lib/core/ids'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { parseMessage } from '@/lib/protocol/message'
import { grant as grantMessage } from '@/lib/protocol/messages/grant'
import { checkChain, type ChainFault, type Sighting } from './chain-check'
import type { Evidence } from './evidence'
import { evidenceBySession } from './evidence-order'
import type { Judgement } from './judge'
import { signedBytesOf } from './session-cases'
import type { NewCase, ReconcileTransaction } from './store'

/** Wallets that chargers met, as receipts tell. */
export const sightingsIn = (contributions: readonly { readonly piece: Evidence }[]): readonly Sighting[] =>
  contributions.flatMap(({ piece }) =>
    piece.kind === 'receipt'
      ? (piece.receipt.sightings ?? []).map((seen) => ({ ...seen, toldIn: piece.sessionId }))
      : [],
  )

const chainFaultCodes = { fork: 'wallet.previous', chain: 'wallet.sums' } as const satisfies Record<
  string,
  ReasonCode
>

export async function examineChains(
  tx: ReconcileTransaction,
  judgements: readonly Judgement[],
  fresh: readonly Sighting[],
): Promise<readonly NewCase[]> {
  const grants = new Map<GrantSerial, ExaminedGrant>(
    judgements.flatMap(({ mandate: { by } }) => {
      if (by.kind !== 'wallet') return []
      const { grant, authorization } = by.consent
      return [[grant.serial, { hash: authorization.grantHash, notAfterS: grant.notAfterS }]]
    }),
  )
  for (const [serial, bytes] of await tx.knownGrants(otherSerials(fresh, grants))) {
    const parsed = parseMessage(grantMessage, bytes)
    if (parsed.ok) grants.set(serial, { hash: parsed.value.hash, notAfterS: parsed.value.payload.notAfterS })
  }
  if (grants.size === 0) return []
  const links = groupBySerial(await tx.chainLinks([...grants.keys()]))
  const sightings = groupBySerial(await tx.sightingsOf([...grants.keys()]))
  const cases: NewCase[] = []
  for (const [serial, grant] of grants) {
    const faults = checkChain(links.get(serial) ?? [], grant.hash, sightings.get(serial) ?? [])
    if (faults.length === 0) continue
    await tx.revokeGrant(
      serial,
      grant.notAfterS,
      faults.some(({ kind }) => kind === 'fork') ? 'fork' : 'sums',
    )
    cases.push(...(await chainCases(tx, faults)))
  }
  return cases
}

interface ExaminedGrant {
  readonly hash: MessageHash
  readonly notAfterS: number
}

const otherSerials = (
  sightings: readonly Sighting[],
  grants: ReadonlyMap<GrantSerial, unknown>,
): readonly GrantSerial[] => [
  ...new Set(sightings.map(({ serial }) => serial).filter((serial) => !grants.has(serial))),
]

function groupBySerial<T extends { readonly serial: GrantSerial }>(
  items: readonly T[],
): ReadonlyMap<GrantSerial, readonly T[]> {
  const groups = new Map<GrantSerial, T[]>()
  for (const item of items) {
    const group = groups.get(item.serial)
    if (group === undefined) groups.set(item.serial, [item])
    else group.push(item)
  }
  return groups
}

async function chainCases(
  tx: ReconcileTransaction,
  faults: readonly ChainFault[],
): Promise<readonly NewCase[]> {
  const ids = faults.flatMap(({ sessionId: id, toldIn }) => (toldIn === undefined ? [id] : [id, toldIn]))
  const evidence = evidenceBySession(await tx.loadEvidence([...new Set(ids)]))
  return faults.map(({ kind, sessionId: id, serial, seq, toldIn }) => {
    const own = (evidence.get(id) ?? []).filter((piece) => piece.kind === 'consent')
    const told = toldIn === undefined ? [] : (evidence.get(toldIn) ?? [])
    return {
      kind,
      code: chainFaultCodes[kind],
      sessionId: id,
      serial,
      facts: { seq },
      evidence: [...own, ...told.filter((piece) => piece.kind === 'receipt')].flatMap(signedBytesOf),
    }
  })
}
