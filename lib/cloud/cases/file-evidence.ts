/**
 * Opens cases and files evidence with them. A case is named by what it is about, so that the same doubt, met again,
 * opens nothing twice; what is new is filed with the case that stands. A decided case stays decided: evidence that
 * could change it opens the next round, which follows it under the same root.
 *
 * Called at the end of a transaction, after its money: cases are the last rows to be locked, everywhere.
 */

import type { Bytes } from '@/lib/core/bytes'
import { toHex, utf8 } from '@/lib/core/bytes'
import type { OperatorId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import type { ReasonCode } from '@/lib/core/reason-codes'
import type { EpochSeconds } from '@/lib/core/units'
import { sha256 } from '@/lib/crypto/hash'
import type { TenantTransaction } from '../database/connection'
import type { CaseKind } from './case-kinds'
import { advance, type CaseEnding, type CaseState } from './case-machine'
import { noteCharsMax } from './case-reasons'
import { changeCase, standingOf, writeCaseEvents, type CaseEvent } from './case-rows'

export interface NewCase {
  readonly kind: CaseKind
  readonly code: ReasonCode
  readonly sessionId?: string
  readonly serial?: string
  readonly chargerId?: string
  /** Of a payment by card, where it is about one. */
  readonly paymentId?: string
  /** Of an account, where it is about one. */
  readonly accountId?: string
  /** Plain figures; a decided case is opened anew when they change. */
  readonly facts?: Readonly<Record<string, string | number>>
  /** The driver's own words, kept in the history of the case alone. */
  readonly note?: string
  readonly evidence: readonly CasePiece[]
}

export interface CasePiece {
  readonly label: string
  readonly bytes: Bytes
}

/** Pieces that say something; certificates, grants and offers only prove who said it. */
const statementLabels = [
  'authorization',
  'bearer-record',
  'receipt',
  'close',
  'bundle',
  'checkpoint',
  'sighting',
  'meter-record',
  'answer',
  'incident',
]

/** All that a reserve could not pay is one case, and so is all that a copied card paid twice. */
const ofSerial: readonly CaseKind[] = ['beyond-reserve', 'double-spend']

export async function fileCases(
  tx: TenantTransaction,
  tenant: OperatorId,
  nowS: EpochSeconds,
  author: string,
  cases: readonly NewCase[],
): Promise<void> {
  if (cases.length === 0) return
  const wanted = byRoot(cases)
  await openRounds(
    tx,
    tenant,
    nowS,
    author,
    [...wanted].map(([rootId, item]) => ({ rootId, round: 1, item })),
  )
  const standing = await lockLatestRounds(tx, tenant, [...wanted.keys()])
  const known = await knownPieces(tx, tenant, [...wanted.keys()])
  for (const [rootId, item] of wanted) {
    const latest = standing.get(rootId)
    if (latest === undefined) throw new Error(`Case ${rootId} was not opened`)
    const fresh = item.pieces.filter((piece) => !known.has(pieceKey(rootId, piece)))
    if (fresh.length === 0 && sameFacts(latest.facts, item.facts)) continue
    await fileWith(tx, tenant, nowS, author, { ...item, pieces: fresh }, latest)
  }
}

interface Piece extends CasePiece {
  readonly hash: string
}

interface Wanted extends Omit<NewCase, 'evidence'> {
  readonly pieces: readonly Piece[]
}

interface LatestRound {
  readonly case_id: string
  readonly root_id: string
  readonly round: number
  readonly revision: number
  readonly state: CaseState
  readonly taken_by: string | null
  readonly verdict: CaseEnding | null
  readonly facts: unknown
  readonly pieces: number
}

/** Sorted by root, which is the order of the locks. Two doubts of one kind about one thing are one case. */
function byRoot(cases: readonly NewCase[]): ReadonlyMap<string, Wanted> {
  const found = new Map<string, Wanted>()
  for (const { evidence, ...item } of cases) {
    const rootId = rootIdOf(item)
    const before = found.get(rootId)?.pieces ?? []
    const pieces = evidence.map((piece) => ({ ...piece, hash: toHex(sha256(piece.bytes)) }))
    const unique = new Map([...before, ...pieces].map((piece) => [pieceKey(rootId, piece), piece]))
    found.set(rootId, { ...item, pieces: [...unique.values()] })
  }
  return new Map([...found].toSorted(([left], [right]) => (left < right ? -1 : 1)))
}

const pieceKey = (
  rootId: string,
  { hash, label }: { readonly hash: string; readonly label: string },
): string => `${rootId} ${hash} ${label}`

function rootIdOf({
  kind,
  sessionId = '',
  serial = '',
  chargerId = '',
  paymentId,
  accountId,
}: Omit<NewCase, 'evidence'>): string {
  const subject =
    // A driver may complain by the phone's report or by the account: it is one case either way.
    ofSerial.includes(kind)
      ? serial
      : kind === 'dispute'
        ? sessionId
        : (paymentId ?? accountId ?? `${sessionId} ${serial} ${chargerId}`)
  return toHex(sha256(utf8(`${kind} ${subject}`)).subarray(0, 16))
}

const caseIdOf = (rootId: string, round: number): string =>
  round === 1 ? rootId : toHex(sha256(utf8(`${rootId} ${round}`)).subarray(0, 16))

interface Round {
  readonly rootId: string
  readonly round: number
  readonly item: Wanted
}

/** Writes rounds that are not there yet, each with its first event. */
async function openRounds(
  tx: TenantTransaction,
  tenant: OperatorId,
  nowS: EpochSeconds,
  author: string,
  rounds: readonly Round[],
): Promise<void> {
  const opened = await tx
    .insertInto('cases')
    .values(
      rounds.map(({ rootId, round, item }) => ({
        tenant,
        case_id: caseIdOf(rootId, round),
        kind: item.kind,
        code: item.code,
        session_id: item.sessionId ?? null,
        serial: item.serial ?? null,
        charger_id: item.chargerId ?? null,
        facts: JSON.stringify(item.facts ?? {}),
        state: 'open' as const,
        opened_at_s: nowS,
        root_id: rootId,
        round,
        updated_at_s: nowS,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .returning(['case_id', 'code', 'round'])
    .execute()
  const notes = new Map(rounds.map(({ rootId, round, item }) => [caseIdOf(rootId, round), item.note]))
  const events = opened.map((row): CaseEvent => ({
    ...noteOf(notes.get(row.case_id)),
    caseId: row.case_id,
    seq: 1,
    step: row.round === 1 ? 'opened' : 'reopened',
    from: null,
    to: 'open',
    author,
    reason: row.code,
    facts: row.round === 1 ? {} : { round: row.round },
    atS: nowS,
  }))
  await writeCaseEvents(tx, tenant, events)
}

const noteOf = (note: string | undefined): { readonly note?: string } =>
  note === undefined || note === '' ? {} : { note: note.slice(0, noteCharsMax) }

async function lockLatestRounds(
  tx: TenantTransaction,
  tenant: OperatorId,
  rootIds: readonly string[],
): Promise<ReadonlyMap<string, LatestRound>> {
  const rows = await tx
    .selectFrom('cases')
    .select(['case_id', 'root_id', 'round', 'revision', 'state', 'taken_by', 'verdict', 'facts'])
    .where('tenant', '=', tenant)
    .where('root_id', 'in', rootIds)
    .orderBy('root_id')
    .orderBy('round')
    .forNoKeyUpdate()
    .execute()
  const counts = await tx
    .selectFrom('case_evidence')
    .select(({ fn }) => ['case_id', fn.countAll<number>().as('pieces')])
    .where('tenant', '=', tenant)
    .where(
      'case_id',
      'in',
      rows.map((row) => row.case_id),
    )
    .groupBy('case_id')
    .execute()
  const pieces = new Map(counts.map((row) => [row.case_id, row.pieces]))
  return new Map(rows.map((row) => [row.root_id, { ...row, pieces: pieces.get(row.case_id) ?? 0 }]))
}

/** What any round of these cases holds already. */
async function knownPieces(
  tx: TenantTransaction,
  tenant: OperatorId,
  rootIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await tx
    .selectFrom('case_evidence as e')
    .innerJoin('cases as c', (join) =>
      join.onRef('c.tenant', '=', 'e.tenant').onRef('c.case_id', '=', 'e.case_id'),
    )
    .select(['c.root_id', 'e.hash', 'e.label'])
    .where('e.tenant', '=', tenant)
    .where('c.tenant', '=', tenant)
    .where('c.root_id', 'in', rootIds)
    .execute()
  return new Set(rows.map((row) => pieceKey(row.root_id, row)))
}

async function fileWith(
  tx: TenantTransaction,
  tenant: OperatorId,
  nowS: EpochSeconds,
  author: string,
  item: Wanted,
  latest: LatestRound,
): Promise<void> {
  const isNew = latest.revision === 1 && latest.pieces === 0
  const isMaterial =
    !sameFacts(latest.facts, item.facts) || item.pieces.some(({ label }) => statementLabels.includes(label))
  if (latest.state === 'decided' && isMaterial) {
    const round = latest.round + 1
    await openRounds(tx, tenant, nowS, author, [{ rootId: latest.root_id, round, item }])
    await writePieces(tx, tenant, caseIdOf(latest.root_id, round), item.pieces)
    return
  }
  const room = Math.max(0, limits.caseEvidencePiecesMax - latest.pieces)
  const kept = item.pieces.slice(0, room)
  // A full case whose figures stay is not news: its history must not grow with every upload either.
  if (!isNew && kept.length === 0 && sameFacts(latest.facts, item.facts)) return
  await writePieces(tx, tenant, latest.case_id, kept)
  if (isNew) return
  const after = advance(standingOf(latest), 'add-evidence', author)
  if (!after.ok) throw new Error(`Evidence cannot be added to case ${latest.case_id}: ${after.error.code}`)
  const facts = latest.state === 'decided' ? undefined : (item.facts ?? {})
  const event = {
    step: 'add-evidence',
    author,
    reason: item.code,
    facts: { pieces: kept.length },
    atS: nowS,
  } as const
  await changeCase(tx, tenant, latest, after.value, event, facts)
}

async function writePieces(
  tx: TenantTransaction,
  tenant: OperatorId,
  caseId: string,
  pieces: readonly Piece[],
): Promise<void> {
  if (pieces.length === 0) return
  await tx
    .insertInto('case_evidence')
    .values(
      pieces.slice(0, limits.caseEvidencePiecesMax).map(({ hash, label, bytes }) => ({
        tenant,
        case_id: caseId,
        hash,
        label,
        bytes: Buffer.from(bytes),
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

function sameFacts(stored: unknown, facts: NewCase['facts'] = {}): boolean {
  const before = stored as Readonly<Record<string, string | number>>
  const names = new Set([...Object.keys(before), ...Object.keys(facts)])
  return [...names].every((name) => before[name] === facts[name])
}
