/**
 * What the issuer signed for others and this phone keeps to carry it to chargers. Bounded and verified as it comes in;
 * what is not the issuer's is left out, because nothing of this phone's own depends on it.
 */

import { fromBase64Url } from '@/lib/core/bytes'
import type { EpochSeconds } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import type { MessageType } from '@/lib/protocol/message'
import { permit, type Permit } from '@/lib/protocol/messages/permit'
import { revocationDelta, type RevocationDelta } from '@/lib/protocol/messages/revocation-delta'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import { openIssued } from '@/lib/protocol/trust'
import { keepMessage, type KeptMessage } from './kept-message'

/** More steps than that from older lists help nobody: chargers are at one of a few epochs. */
const deltasKeptMax = 4
/** Vetoes and raised caps are rare, and each counts for hours. */
const permitsKeptMax = 16

export interface Issued {
  readonly trustList: TrustList
  readonly nowS: EpochSeconds
  readonly verify: Verify
}

/** The newest steps, widest first among equals. The very same list when nothing is new. */
export const takeDeltas = (
  known: readonly KeptMessage<RevocationDelta>[],
  texts: readonly string[],
  issued: Issued,
): readonly KeptMessage<RevocationDelta>[] =>
  unlessSame(
    known,
    [...known, ...openAll(revocationDelta, texts, issued, known)]
      .sort(
        (left, right) =>
          right.payload.epoch - left.payload.epoch || left.payload.fromEpoch - right.payload.fromEpoch,
      )
      .slice(0, deltasKeptMax),
  )

/** Permits that still count, newest first. The very same list when nothing is new. */
export const takePermits = (
  known: readonly KeptMessage<Permit>[],
  texts: readonly string[],
  issued: Issued,
): readonly KeptMessage<Permit>[] =>
  unlessSame(
    known,
    [...known, ...openAll(permit, texts, issued, known)]
      .filter(({ payload }) => payload.notAfterS >= issued.nowS)
      .sort((left, right) => right.payload.timeS - left.payload.timeS)
      .slice(0, permitsKeptMax),
  )

function openAll<T extends { readonly operator: string }>(
  type: MessageType<T>,
  texts: readonly string[],
  { trustList, nowS, verify }: Issued,
  known: readonly KeptMessage<T>[],
): readonly KeptMessage<T>[] {
  const opened: KeptMessage<T>[] = []
  for (const text of texts) {
    const bytes = fromBase64Url(text)
    const message = bytes === undefined ? undefined : openIssued(type, bytes, trustList, nowS, verify)
    if (message === undefined || message.payload.operator !== trustList.operator) continue
    const isKnown = [...known, ...opened].some(({ hash }) => hash === message.hash)
    if (!isKnown) opened.push(keepMessage(message))
  }
  return opened
}

const unlessSame = <T>(known: readonly T[], next: readonly T[]): readonly T[] =>
  known.length === next.length && known.every((item, at) => item === next[at]) ? known : next
