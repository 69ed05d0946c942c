/**
 * What goes home. Whole chains are reported, in slices that the API takes, until the operator's acknowledgement covers
 * them and every session is settled; reporting again changes nothing on either side. `report-reply.ts` has the way back.
 */

import { equalBytes, toBase64Url, type Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import type { SessionId } from '@/lib/core/ids'
import type { EpochSeconds } from '@/lib/core/units'
import { piecesOf, type Chain, type ChainEntry } from './chain'
import type { ReportedChain, ReportedComplaint, ReportedOffer } from './cloud-port'
import type { WalletState } from './wallet-state'

export interface Report {
  readonly chains: readonly ReportedChain[]
  /** What it contains, so that only this counts as reported afterwards. */
  readonly pieces: ReadonlyMap<SessionId, number>
}

/** Signed pieces that the operator has not confirmed. */
export const isUnreported = (entry: ChainEntry): boolean => piecesOf(entry) > entry.reportedPieces

export const unreportedCount = (state: WalletState): number =>
  state.chains.reduce((sum, chain) => sum + chain.entries.filter(isUnreported).length, 0)

/** Something may still change at the operator's side: no last word yet, or one that is not booked. */
const isUnsettled = (entry: ChainEntry): boolean =>
  isUnreported(entry) ||
  (entry.state.kind !== 'declined' && entry.state.kind !== 'unused' && entry.standing !== 'settled')

/** All that is worth reporting now, in requests of a size that the API takes. */
export const reportsDue = (state: WalletState): readonly Report[] =>
  reportsOf(
    state.chains.flatMap(slicesOf).filter(({ entries }) => entries.some((entry) => isUnsettled(entry))),
  )

/** What people decide about a session comes within this time, or hardly ever. */
const followUpS = 90 * 86_400

/**
 * Settled sessions that no account here tells about: a fleet's, a guest's. Reported once more, they bring what was given
 * back since. One's own come with the account.
 */
export function followUpsDue(state: WalletState, nowS: EpochSeconds): readonly Report[] {
  const hasAccount = state.account?.signedIn === true
  return reportsOf(
    state.chains
      .filter(({ fleetName }) => fleetName !== null || !hasAccount)
      .flatMap(slicesOf)
      .filter(({ entries }) =>
        entries.some(({ standing, payload }) => standing === 'settled' && nowS - payload.timeS < followUpS),
      ),
  )
}

/** A chain from its first authorization to its last, for an operator who says that something of it is missing. */
export const reportsOfChain = (chain: Chain): readonly Report[] => reportsOf(slicesOf(chain))

function reportsOf(slices: readonly Slice[]): readonly Report[] {
  const reports: Slice[][] = []
  for (const slice of slices) {
    const last = reports.at(-1)
    const isFull =
      last === undefined ||
      last.length >= limits.walletReportChainsMax ||
      count(last) + slice.entries.length > limits.walletReportEntriesMax
    if (isFull) reports.push([slice])
    else last.push(slice)
  }
  return reports.map((parts) => ({
    chains: parts.map(reportedChain),
    pieces: new Map(
      parts.flatMap(({ entries }) => entries.map((entry) => [entry.sessionId, piecesOf(entry)] as const)),
    ),
  }))
}

interface Slice {
  readonly chain: Chain
  readonly entries: readonly ChainEntry[]
}

const count = (slices: readonly Slice[]): number =>
  slices.reduce((sum, { entries }) => sum + entries.length, 0)

function slicesOf(chain: Chain): readonly Slice[] {
  const signed = chain.entries.filter((entry) => entry.signed !== null)
  const slices: Slice[] = []
  for (let start = 0; start < signed.length; start += limits.walletReportEntriesMax) {
    slices.push({ chain, entries: signed.slice(start, start + limits.walletReportEntriesMax) })
  }
  return slices
}

function reportedChain({ chain, entries }: Slice): ReportedChain {
  // A piece goes with the certificate of the key that signed it; the operator knows the one of its offer.
  const proofOf = ({ certificate, offer, later }: ChainEntry, piece?: Bytes): ReportedOffer => ({
    certificate: toBase64Url(
      piece !== undefined && later?.pieces.some((signed) => equalBytes(signed, piece)) === true
        ? later.certificate.bytes
        : certificate.bytes,
    ),
    offer: toBase64Url(offer.bytes),
  })
  return {
    grant: toBase64Url(chain.grant.bytes),
    authorizations: entries.flatMap(({ signed }) => (signed === null ? [] : [toBase64Url(signed)])),
    answers: entries.flatMap((entry) =>
      entry.answers.map((bytes) => ({ answer: toBase64Url(bytes), ...proofOf(entry, bytes) })),
    ),
    receipts: entries.flatMap((entry) =>
      entry.receipts.map((bytes) => ({ receipt: toBase64Url(bytes), ...proofOf(entry, bytes) })),
    ),
    offers: entries
      .filter(({ answers, receipts }) => answers.length + receipts.length === 0)
      .map((entry) => proofOf(entry)),
    disputes: entries.flatMap(reportedComplaint),
  }
}

function reportedComplaint({ sessionId, complaint, state }: ChainEntry): readonly ReportedComplaint[] {
  if (complaint === null) return []
  const { reason, note } = complaint
  const recomputedMinor = state.kind === 'finished' ? state.recomputedMinor : null
  return [
    {
      sessionId,
      reason,
      ...(note === '' ? {} : { note }),
      ...(recomputedMinor === null ? {} : { recomputedMinor }),
    },
  ]
}
