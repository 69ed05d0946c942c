/**
 * What comes back for a report: acknowledgements, standings, and whatever reached the operator by the charger's road
 * and is missing here. Signed pieces are verified as if they had been scanned; the rest of the reply is only words.
 */

import { fromBase64Url } from '@/lib/core/bytes'
import type { EpochSeconds } from '@/lib/core/units'
import { acknowledgement } from '@/lib/protocol/messages/acknowledgement'
import { chargerCertificate, type ChargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { permit } from '@/lib/protocol/messages/permit'
import { openIssued } from '@/lib/protocol/trust'
import { replaceEntry, type ChainEntry, type Standing } from './chain'
import { takeEvidence, type Evidence } from './chain-evidence'
import type { ReportReply } from './cloud-port'
import { keepMessage, type KeptMessage } from './kept-message'
import type { Report } from './report'
import { withSessionNews } from './session-news'
import { takeDeltas, takePermits } from './kept-news'
import { isSameTrust, takeRevocations, type TrustState } from './trust-state'
import { findEntry, replaceChain, withTrust, type Now, type WalletState } from './wallet-state'

/** Takes the operator's reply to one report. Only what its signed acknowledgement covers counts as reported. */
export function withReply(before: WalletState, report: Report, reply: ReportReply, now: Now): WalletState {
  const { trust } = before
  if (trust === null) return before
  const state = withOthersEvidence(before, reply, trust, now)
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
  return withIssuersNews(withSessionNews(next, reply.news ?? []), reply, trust, now)
}

/** What is not about single sessions: who is revoked, and what is carried for chargers. */
function withIssuersNews(
  state: WalletState,
  reply: ReportReply,
  trust: TrustState,
  { nowS, verify }: Now,
): WalletState {
  const issued = { trustList: trust.trustList.payload, nowS, verify }
  const next: TrustState = {
    ...trust,
    revocations:
      takeRevocations(trust.trustList, trust.revocations, reply.revocations, nowS, verify) ??
      trust.revocations,
    deltas: takeDeltas(trust.deltas, reply.revocationDeltas ?? [], issued),
    permits: takePermits(trust.permits, reply.permits ?? [], issued),
  }
  return isSameTrust(trust, next) ? state : withTrust(state, next)
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
  return { ...entry, standing, standingAtS: nowS, standings: { [standing]: nowS, ...entry.standings } }
}

/** Chargers' words first: a veto only speaks where none of them has spoken. */
function withOthersEvidence(
  state: WalletState,
  reply: ReportReply,
  trust: TrustState,
  now: Now,
): WalletState {
  let next = state
  for (const { answer, certificate } of reply.answers ?? [])
    next = withEvidence(next, 'answer', answer, { ...now, certificates: opened(certificate, trust, now) })
  for (const { receipt, certificate } of reply.receipts ?? [])
    next = withEvidence(next, 'receipt', receipt, { ...now, certificates: opened(certificate, trust, now) })
  for (const text of reply.permits ?? []) next = withVeto(next, text, trust, now)
  return next
}

/** The certificate that a piece came with, if some issuer of ours signed it; it names the time for which it holds. */
function opened(
  text: string,
  { trustList: { payload: list } }: TrustState,
  { verify }: Now,
): readonly KeptMessage<ChargerCertificate>[] {
  const bytes = fromBase64Url(text)
  const certificate =
    bytes === undefined ? undefined : openIssued(chargerCertificate, bytes, list, undefined, verify)
  return certificate?.payload.operator === list.operator ? [keepMessage(certificate)] : []
}

/** Checked by the certificate of the offer here, or the one it came with; what does not fit changes nothing. */
function withEvidence(
  state: WalletState,
  evidence: Evidence,
  text: string,
  now: Parameters<typeof takeEvidence>[3],
): WalletState {
  const bytes = fromBase64Url(text)
  const taken = bytes === undefined ? undefined : takeEvidence(state.chains, evidence, bytes, now)
  if (taken?.ok !== true || taken.value.chains === state.chains) return state
  return { ...state, chains: taken.value.chains }
}

/** The issuer says that no charger will ever accept this session: its hold is back, and it is never shown again. */
function withVeto(state: WalletState, text: string, trust: TrustState, { nowS, verify }: Now): WalletState {
  const bytes = fromBase64Url(text)
  const { payload: list } = trust.trustList
  const opened = bytes === undefined ? undefined : openIssued(permit, bytes, list, nowS, verify)
  if (opened === undefined) return state
  const { operator, verdict, sessionId, chargerId } = opened.payload
  const place = sessionId === undefined ? undefined : findEntry(state, sessionId)
  if (operator !== list.operator || verdict !== 'veto' || place === undefined) return state
  const { chain, entry } = place
  const isElsewhere = chargerId !== undefined && chargerId !== entry.certificate.payload.chargerId
  if (entry.state.kind !== 'open' || isElsewhere) return state
  const released = replaceEntry(chain, entry.sessionId, (open) => ({
    ...open,
    state: { kind: 'unused', atS: nowS },
  }))
  return { ...state, chains: replaceChain(state.chains, released) }
}
