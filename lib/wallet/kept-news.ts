/**
 * What the issuer signed for others and this phone keeps to carry it to chargers. Bounded and verified as it comes in;
 * what is not the issuer's is left out, because nothing of this phone's own depends on it.
 */

import { equalBytes, fromBase64Url } from '@/lib/core/bytes'
import type { EpochSeconds } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import type { MessageType } from '@/lib/protocol/message'
import { permit, type Permit } from '@/lib/protocol/messages/permit'
import { revocationDelta, type RevocationDelta } from '@/lib/protocol/messages/revocation-delta'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import { openIssued } from '@/lib/protocol/trust'
import { keepMessage, type KeptMessage } from './kept-message'

/** All that one answer of the operator carries: short ways for codes, and what its whole list has no room for. */
const deltasKeptMax = 32
/** Vetoes and raised caps are rare, and each counts for hours. */
const permitsKeptMax = 16

export interface Issued {
  readonly trustList: TrustList
  readonly nowS: EpochSeconds
  readonly verify: Verify
}

/**
 * The steps of the newest answer, which is complete in itself; an older answer changes nothing. The very same list when
 * nothing is new.
 */
export function takeDeltas(
  known: readonly KeptMessage<RevocationDelta>[],
  texts: readonly string[],
  issued: Issued,
): readonly KeptMessage<RevocationDelta>[] {
  const opened = openAll(revocationDelta, texts, issued, known).slice(0, deltasKeptMax)
  return newestOf(opened) < newestOf(known) || opened.length === 0 ? known : unlessSame(known, opened)
}

const newestOf = (deltas: readonly KeptMessage<RevocationDelta>[]): number =>
  deltas.reduce((newest, { payload }) => Math.max(newest, payload.epoch), 0)

/** Permits that still count, newest first. The very same list when nothing is new. */
export const takePermits = (
  known: readonly KeptMessage<Permit>[],
  texts: readonly string[],
  issued: Issued,
): readonly KeptMessage<Permit>[] =>
  unlessSame(
    known,
    [...new Set([...known, ...openAll(permit, texts, issued, known)])]
      .filter(({ payload }) => payload.notAfterS >= issued.nowS)
      .sort((left, right) => right.payload.timeS - left.payload.timeS)
      .slice(0, permitsKeptMax),
  )

/** What the issuer signed among them, once each; what is known already stays the same object. */
function openAll<T extends { readonly operator: string }>(
  type: MessageType<T>,
  texts: readonly string[],
  { trustList, nowS, verify }: Issued,
  known: readonly KeptMessage<T>[],
): readonly KeptMessage<T>[] {
  const opened = new Map<string, KeptMessage<T>>()
  for (const text of texts) {
    const bytes = fromBase64Url(text)
    if (bytes === undefined) continue
    const message =
      known.find((kept) => equalBytes(kept.bytes, bytes)) ?? openKept(type, bytes, trustList, nowS, verify)
    if (message?.payload.operator === trustList.operator) opened.set(message.hash, message)
  }
  return [...opened.values()]
}

function openKept<T>(...args: Parameters<typeof openIssued<T>>): KeptMessage<T> | undefined {
  const message = openIssued(...args)
  return message === undefined ? undefined : keepMessage(message)
}

const unlessSame = <T>(known: readonly T[], next: readonly T[]): readonly T[] =>
  known.length === next.length && known.every((item, at) => item === next[at]) ? known : next
