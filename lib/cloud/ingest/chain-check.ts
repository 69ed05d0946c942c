/**
 * Whether the authorizations under one grant are one chain (PROTOCOL.md, rule 3). Two at one place are a fork: the
 * same key signed twice, or a backup was restored; sums that do not follow are a wallet that lies about itself. Pure.
 */

import type { GrantSerial, MessageHash, SessionId } from '@/lib/core/ids'

export interface ChainLink {
  readonly sessionId: SessionId
  readonly serial: GrantSerial
  readonly seq: number
  readonly previous: MessageHash
  readonly grossMinor: number
  readonly holdMinor: number
}

export interface ChainFault {
  readonly kind: 'fork' | 'chain'
  readonly sessionId: SessionId
  readonly serial: GrantSerial
  readonly seq: number
}

/** Every link that stands in a fork or does not follow the link before it. Gaps are not faults: links arrive late. */
export function checkChain(links: readonly ChainLink[], grantHash: MessageHash): readonly ChainFault[] {
  const bySeq = new Map<number, ChainLink[]>()
  for (const link of links) bySeq.set(link.seq, [...(bySeq.get(link.seq) ?? []), link])
  const faults: ChainFault[] = []
  const add = (kind: ChainFault['kind'], { sessionId, serial, seq }: ChainLink): void => {
    faults.push({ kind, sessionId, serial, seq })
  }
  for (const link of links) {
    if ((bySeq.get(link.seq)?.length ?? 0) > 1) add('fork', link)
    const before = bySeq.get(link.seq - 1)
    if (link.seq === 1) {
      if (link.previous !== grantHash || link.grossMinor !== link.holdMinor) add('chain', link)
    } else if (before !== undefined && !before.some((earlier) => follows(link, earlier))) {
      add('chain', link)
    }
  }
  return faults
}

const follows = (link: ChainLink, earlier: ChainLink): boolean =>
  link.previous === earlier.sessionId && link.grossMinor === earlier.grossMinor + link.holdMinor
