/**
 * What goes home and what comes back. Whole chains are reported, in slices that the API takes, until the operator's
 * acknowledgement covers them and every session is settled; reporting again changes nothing on either side.
 */

import { fromBase64Url, toBase64Url } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import type { SessionId } from '@/lib/core/ids'
import type { EpochSeconds } from '@/lib/core/units'
import { acknowledgement } from '@/lib/protocol/messages/acknowledgement'
import { openIssued } from '@/lib/protocol/trust'
import { piecesOf, type Chain, type ChainEntry, type Standing } from './chain'
import type { ReportedChain, ReportReply } from './cloud-port'
import { takeRevocations, type TrustState } from './trust-state'
import { withTrust, type Now, type WalletState } from './wallet-state'

export interface Report {
  readonly chains: readonly ReportedChain[]
  /** What it contains, so that only this counts as reported afterwards. */
  readonly pieces: ReadonlyMap<SessionId, number>
}

/** Signed pieces that the operator has not confirmed. */
export const isUnreported = (entry: ChainEntry): boolean => piecesOf(entry) > entry.reportedPieces

export const unreportedCount = (state: WalletState): number =>
  state.chains.reduce((sum, chain) => sum + chain.entries.filter(isUnreported).length, 0)

/** Something may still change at the operator's side. */
const isUnsettled = (entry: ChainEntry): boolean =>
  isUnreported(entry) || (entry.state.kind !== 'declined' && entry.standing !== 'settled')

/** All that is worth reporting now, in requests of a size that the API takes. */
export function reportsDue(state: WalletState): readonly Report[] {
  const slices = state.chains.flatMap(slicesOf)
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
    const entries = signed.slice(start, start + limits.walletReportEntriesMax)
    if (entries.some(isUnsettled)) slices.push({ chain, entries })
  }
  return slices
}

function reportedChain({ chain, entries }: Slice): ReportedChain {
  const proofOf = ({ certificate, offer }: ChainEntry): { certificate: string; offer: string } => ({
    certificate: toBase64Url(certificate.bytes),
    offer: toBase64Url(offer.bytes),
  })
  return {
    grant: toBase64Url(chain.grant.bytes),
    authorizations: entries.flatMap(({ signed }) => (signed === null ? [] : [toBase64Url(signed)])),
    answers: entries.flatMap((entry) =>
      entry.answers.map((bytes) => ({ answer: toBase64Url(bytes), ...proofOf(entry) })),
    ),
    receipts: entries.flatMap((entry) =>
      entry.receipts.map((bytes) => ({ receipt: toBase64Url(bytes), ...proofOf(entry) })),
    ),
  }
}

/** Takes the operator's reply to one report. Only what its signed acknowledgement covers counts as reported. */
export function withReply(state: WalletState, report: Report, reply: ReportReply, now: Now): WalletState {
  const { trust } = state
  if (trust === null) return state
  const acknowledged = acknowledgedSeqs(reply, trust, now)
  const standings = new Map(reply.sessions.map((session) => [session.sessionId, session.state]))
  const chains = state.chains.map((chain) => {
    const seq = Math.max(chain.acknowledgedSeq, acknowledged.get(chain.serial) ?? 0)
    const isCovered = acknowledged.has(chain.serial)
    const entries = chain.entries.map((entry) => {
      const pieces = isCovered && entry.payload.seq <= seq ? (report.pieces.get(entry.sessionId) ?? 0) : 0
      return withStanding(withReported(entry, pieces), standings.get(entry.sessionId), now.nowS)
    })
    const changed = seq !== chain.acknowledgedSeq || entries.some((entry, at) => entry !== chain.entries[at])
    return changed ? { ...chain, acknowledgedSeq: seq, entries } : chain
  })
  const next = chains.some((chain, at) => chain !== state.chains[at]) ? { ...state, chains } : state
  const revocations = takeRevocations(
    trust.trustList,
    trust.revocations,
    reply.revocations,
    now.nowS,
    now.verify,
  )
  return revocations === undefined || revocations === trust.revocations
    ? next
    : withTrust(next, { ...trust, revocations })
}

function acknowledgedSeqs(reply: ReportReply, trust: TrustState, now: Now): ReadonlyMap<string, number> {
  const seqs = new Map<string, number>()
  for (const text of reply.acknowledgements) {
    const bytes = fromBase64Url(text)
    const opened =
      bytes === undefined
        ? undefined
        : openIssued(acknowledgement, bytes, trust.trustList.payload, now.nowS, now.verify)
    if (opened !== undefined) seqs.set(opened.payload.device, opened.payload.size)
  }
  return seqs
}

const withReported = (entry: ChainEntry, pieces: number): ChainEntry =>
  pieces > entry.reportedPieces ? { ...entry, reportedPieces: pieces } : entry

/** The operator's word moves a session on, never back: a case or a settlement is not unseen by an older reply. */
function withStanding(entry: ChainEntry, standing: Standing | undefined, nowS: EpochSeconds): ChainEntry {
  if (standing === undefined || standing === entry.standing) return entry
  if (standing === 'seen' && entry.standing !== 'saved') return entry
  return { ...entry, standing, standingAtS: nowS }
}
