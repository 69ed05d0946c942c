/**
 * One job: an event goes through the pure machine, the receipt is signed where one is due, everything is appended in
 * one transaction, and only then the world hears of it. The caller runs jobs one at a time.
 */

import { toHex, utf8 } from '@/lib/core/bytes'
import { err, ok, type Result } from '@/lib/core/result'
import type { Journal, JournalFault, NewEvent, ProjectionWrite } from '@/lib/journal/journal'
import type { ExaminedRecord } from '@/lib/metering/meter-record'
import { encodeJournalEvent, type JournalEvent } from '@/lib/protocol/journal-event'
import { signMessage, type VerifiedMessage } from '@/lib/protocol/message'
import { checkpoint, type Checkpoint } from '@/lib/protocol/messages/checkpoint'
import { receipt, type Receipt } from '@/lib/protocol/messages/receipt'
import {
  permits,
  type ConnectorEvent,
  type ConnectorState,
  type Effect,
  type MachineSettings,
  type Now,
  type Step,
} from '../session/connector-state'
import { receiptPayload, sightingsFor } from '../session/receipt'
import { metaKeys, rows, type KioskTable } from '../session/records'
import { openRowOf } from '../session/recovery'
import { step } from '../session/session-machine'
import type { Books } from './books'
import type { Keyring } from './keyring'
import type { Observer } from './ports'
import type { Timekeeper } from './timekeeper'

type Write = ProjectionWrite<KioskTable>

export interface WorkParts {
  readonly journal: Journal<KioskTable>
  readonly keys: Keyring
  readonly books: Books
  readonly time: Timekeeper
  readonly settings: MachineSettings
  readonly observer: Observer | undefined
}

export interface Done {
  readonly state: ConnectorState
  /** Everything that is left to do; receipts are signed already. */
  readonly effects: readonly Effect[]
  readonly wrote: boolean
}

/** Rows and events that belong to the event beyond what the machine says. */
export interface Beside {
  readonly writes?: readonly Write[]
  readonly events?: readonly JournalEvent[]
}

/**
 * On failure nothing happened: the old state stands, and the effects say what is safe and right to do all the same
 * (a charger is told to stop, whatever the disk does).
 */
export async function carryOut(
  parts: WorkParts,
  state: ConnectorState,
  event: ConnectorEvent,
  beside: Beside = {},
): Promise<Result<Done, { readonly fault: JournalFault; readonly effects: readonly Effect[] }>> {
  const now = parts.time.now()
  const stepped = step(state, event, now, parts.settings)
  const { finished, signed } = await signReceipts(parts, stepped, now)
  const events = [...(beside.events ?? []), ...finished.journal]
  const writes = [
    ...(beside.writes ?? []),
    ...openRowWrites(state, finished.state, events.length > 0, now),
    ...meterRowWrites(state, finished.state),
    ...(signed === undefined ? [] : endWrites(parts, signed, events, now)),
  ]
  if (events.length === 0 && writes.length === 0) {
    return ok({ state: finished.state, effects: finished.effects, wrote: false })
  }
  const appended = append(parts, events, writes)
  return appended.ok
    ? ok({ state: finished.state, effects: finished.effects, wrote: true })
    : err({
        fault: appended.error,
        effects: finished.effects.filter((effect) => effect.kind === 'remote-stop'),
      })
}

/** Events and rows in one durable transaction; memory follows the disk. */
export function append(
  { journal, books, time, observer }: Pick<WorkParts, 'journal' | 'books' | 'time' | 'observer'>,
  events: readonly JournalEvent[],
  writes: readonly Write[],
): Result<void, JournalFault> {
  observer?.appendStarted?.()
  const appended = journal.append(events.map(newEvent), [...writes, time.write()])
  observer?.appendEnded?.()
  if (!appended.ok) return appended
  books.apply(writes)
  return ok(undefined)
}

const newEvent = (event: JournalEvent): NewEvent => ({
  kind: event.kind,
  payload: encodeJournalEvent(event),
})

interface SignedEnd {
  readonly receipt: VerifiedMessage<Receipt>
  readonly checkpoint: VerifiedMessage<Checkpoint>
}

/** A key store that fails leaves the connector in `ending`, with its figures durable; the next tick asks again. */
async function signReceipts(
  parts: WorkParts,
  stepped: Step,
  now: Now,
): Promise<{ readonly finished: Step; readonly signed?: SignedEnd }> {
  const due = stepped.effects.find((effect) => effect.kind === 'sign-receipt')
  if (due === undefined) return { finished: stepped }
  const effects = stepped.effects.filter((effect) => effect !== due)
  try {
    const signed = await signEnd(parts, due, now)
    const after = step(
      stepped.state,
      { kind: 'receipt-signed', receipt: signed.receipt },
      now,
      parts.settings,
    )
    return {
      finished: {
        state: after.state,
        journal: [...stepped.journal, ...after.journal],
        effects: [...effects, ...after.effects],
      },
      signed,
    }
  } catch {
    return { finished: { ...stepped, effects } }
  }
}

async function signEnd(
  { journal, keys, books }: WorkParts,
  { session, final }: Extract<Effect, { kind: 'sign-receipt' }>,
  now: Now,
): Promise<SignedEnd> {
  const signer = keys.of(session.key)
  const { device, epoch, size, root } = journal
  const signedLog = await signMessage(
    checkpoint,
    { device, epoch, size, root: toHex(root), timeS: now.timeS },
    signer,
  )
  const payload = receiptPayload(session, final, {
    lastCounter: books.counters.receiptCounter,
    lastHash: books.counters.receiptHash,
    clockQuality: now.clockQuality,
    checkpointHash: signedLog.hash,
    sightings: sightingsFor(session.serial, books.recentChains),
  })
  return { receipt: await signMessage(receipt, payload, signer), checkpoint: signedLog }
}

function endWrites(
  { journal, books }: WorkParts,
  signed: SignedEnd,
  events: readonly JournalEvent[],
  now: Now,
): readonly Write[] {
  const seq = journal.size + events.findIndex((event) => event.kind === 'ended')
  return [
    ...books.prepareEnd(signed.receipt, seq, now.timeS),
    { table: 'meta', key: metaKeys.checkpoint, value: signed.checkpoint.bytes },
  ]
}

/**
 * The row of a running session follows every journaled event and every guess at the stop code; readings in between
 * are kept in memory until their turn.
 */
function openRowWrites(
  before: ConnectorState,
  after: ConnectorState,
  isJournaled: boolean,
  now: Now,
): readonly Write[] {
  const key = String(after.connectorId)
  const row = openRowOf(after, now)
  if (row === undefined) {
    return permits[before.phase.kind].open ? [{ table: 'open', key, value: null }] : []
  }
  const isDue =
    isJournaled ||
    before.phase.kind !== after.phase.kind ||
    triesLeft(before) !== triesLeft(after) ||
    isChangeNoted(before) !== isChangeNoted(after)
  return isDue ? [{ table: 'open', key, value: rows.open.encode(row) }] : []
}

/** The first record has no second chance: what was signed at the begin is not signed again at the end by every meter. */
function meterRowWrites(before: ConnectorState, after: ConnectorState): readonly Write[] {
  const had = firstRecord(before)
  const has = firstRecord(after)
  if (had === has || (had === undefined && has === undefined)) return []
  const value = has === undefined ? null : rows.meter.encode(meterRow(has))
  return [{ table: 'meter', key: String(after.connectorId), value }]
}

const firstRecord = ({ phase }: ConnectorState): ExaminedRecord | undefined =>
  'running' in phase ? phase.running.records.kept[0] : undefined

const meterRow = ({ record, keyText }: ExaminedRecord) => ({
  record,
  ...(keyText === undefined ? {} : { key: utf8(keyText) }),
})

const isChangeNoted = ({ phase }: ConnectorState): boolean =>
  'running' in phase && phase.running.meter.change?.noted !== undefined

const triesLeft = ({ phase }: ConnectorState): number | undefined =>
  phase.kind === 'starting' || phase.kind === 'charging' ? phase.stopTriesLeft : undefined
