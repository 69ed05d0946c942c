/**
 * Whether the authorizations under one grant are one chain (PROTOCOL.md, rule 3). Two histories under one key are a
 * fork: the wallet was cloned, or a backup was restored. They show as two links at one place, as a link that goes on
 * from another than the known one before it, as a chain that leaves a number out, or as a link that some charger met
 * and this chain lacks. Sums that do not follow are a wallet that lies about itself. Pure.
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

/** A link that a charger met, as it told in the receipt of another session. */
export interface Sighting {
  readonly serial: GrantSerial
  readonly seq: number
  readonly hash: MessageHash
  /** Whose receipt told of it. */
  readonly toldIn: SessionId
}

export interface ChainFault {
  readonly kind: 'fork' | 'chain'
  readonly sessionId: SessionId
  readonly serial: GrantSerial
  readonly seq: number
  /** The receipt that told of the other history. */
  readonly toldIn?: SessionId
}

/** Every link that stands in a fork or does not follow the link before it. Gaps are not faults: links arrive late. */
export function checkChain(
  links: readonly ChainLink[],
  grantHash: MessageHash,
  sightings: readonly Sighting[] = [],
): readonly ChainFault[] {
  const bySeq = new Map<number, ChainLink[]>()
  for (const link of links) bySeq.set(link.seq, [...(bySeq.get(link.seq) ?? []), link])
  const seqOf = new Map<string, number>(links.map(({ sessionId, seq }) => [sessionId, seq]))
  const faults: ChainFault[] = []
  const add = (kind: ChainFault['kind'], { sessionId, serial, seq }: ChainLink, toldIn?: SessionId): void => {
    faults.push({ kind, sessionId, serial, seq, ...(toldIn === undefined ? {} : { toldIn }) })
  }
  for (const link of links) {
    const isAlone = bySeq.get(link.seq)?.length === 1
    if (!isAlone) add('fork', link)
    const before = bySeq.get(link.seq - 1) ?? []
    const kind = link.seq === 1 ? firstFault(link, grantHash) : linkFault(link, before, seqOf)
    if (kind !== undefined && (isAlone || kind === 'chain')) add(kind, link)
    const sighting = sightings.find((seen) => contradicts(link, seen))
    if (sighting !== undefined && isAlone && kind !== 'fork') add('fork', link, sighting.toldIn)
  }
  return faults
}

const firstFault = (link: ChainLink, grantHash: MessageHash): ChainFault['kind'] | undefined =>
  link.previous !== grantHash || link.grossMinor !== link.holdMinor ? 'chain' : undefined

function linkFault(
  link: ChainLink,
  before: readonly ChainLink[],
  seqOf: ReadonlyMap<string, number>,
): ChainFault['kind'] | undefined {
  const named = before.find(({ sessionId }) => String(sessionId) === String(link.previous))
  if (named !== undefined) return link.grossMinor === named.grossMinor + link.holdMinor ? undefined : 'chain'
  // It goes on from a link with another number, or from one that is not the known one: that link has a sister.
  return before.length > 0 || seqOf.has(link.previous) ? 'fork' : undefined
}

/** The charger met another link at this place, or at the one before it another than this link goes on from. */
const contradicts = (link: ChainLink, { seq, hash }: Sighting): boolean =>
  (seq === link.seq && hash !== String(link.sessionId)) ||
  (seq === link.seq - 1 && seq > 0 && hash !== link.previous)
