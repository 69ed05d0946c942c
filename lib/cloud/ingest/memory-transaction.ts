/**
 * One transaction on the books in memory; `memory-store.ts` decides what becomes of it. Longer than most files because
 * the port is one object: each operation stands here in a few lines, in the order of the port.
 */

import { concat, toBase64Url, toHex, utf8 } from '@/lib/core/bytes'
import type { GrantSerial, MessageHash, SessionId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { sha256 } from '@/lib/crypto/hash'
import { rootOf } from '@/lib/log/frontier'
import { signMessage } from '@/lib/protocol/message'
import { revocations } from '@/lib/protocol/messages/revocations'
import type { TrustResponse } from '../api-types/devices'
import type { CaseKind } from '../cases/case-kinds'
import { receivableAccount, reserveAccount, type LedgerAccount } from '../ledger/accounts'
import type { Transfer } from '../ledger/transfer'
import type { Sighting } from './chain-check'
import type { EarlyPiece } from './early-pieces'
import { evidenceKey } from './evidence'
import type { DeviceGap } from './gap-store'
import { openIn, resolveIn } from './memory-cases'
import { emptyLog, present, toHold, toLink } from './memory-rows'
import { changeEarlyIn, earlyPiecesIn } from './memory-early'
import { gapName, noteGaps, receiptGapsIn } from './memory-gaps'
import { spentUp, type KnownCard } from './mandate'
import type { MemoryOperator } from './memory-operator'
import type { MemoryTables } from './memory-tables'
import { quarantineRoom, quarantineWindowS } from './quarantine-bounds'
import { eventName, orphanSession } from './session-record'
import type { Books } from './settle'
import {
  logName,
  upToBytes,
  type HeldLog,
  type InboxItem,
  type FinishedItem,
  type LoggedEvent,
  type LogExtension,
  type LogKey,
  type NewCase,
  type QuarantineSource,
  type ReconcileTransaction,
  type Rejected,
  type SessionRecord,
  type SourcedPiece,
} from './store'
import { evidenceOfEvents, type StoredEvent } from './stored-events'

export class MemoryTransaction implements ReconcileTransaction {
  /** `step` is told the name of each operation before it happens, and may throw. */
  constructor(
    private readonly tables: MemoryTables,
    private readonly operator: MemoryOperator,
    private readonly step: (operation: string) => void,
  ) {}

  putItem(item: InboxItem, nowS: number) {
    return this.act('putItem', ({ inbox, waiting }) => {
      const known = inbox.get(item.itemId)
      const outcome = known?.outcome
      const isRefused =
        outcome?.kind === 'refused' || (outcome?.kind === 'bundle' && outcome.refused !== undefined)
      if (known !== undefined && !isRefused) return
      inbox.set(item.itemId, {
        ...(known ?? { ...item, receivedAtS: nowS }),
        outcome: undefined,
        attempts: 0,
      })
      waiting.set(item.itemId, true)
    })
  }

  hasRoomFor(itemId: string, waitingMax: number) {
    return this.act('hasRoomFor', ({ inbox, waiting }) => waiting.size < waitingMax || inbox.has(itemId))
  }

  outcomeOf(itemId: string) {
    return this.act('outcomeOf', ({ inbox }) => inbox.get(itemId)?.outcome)
  }

  waitingItems(countMax: number) {
    return this.act('waitingItems', ({ waiting }) => [...waiting.keys()].slice(0, countMax))
  }

  claimItems(itemIds: readonly string[]) {
    return this.act('claimItems', ({ inbox, waiting }) =>
      [...waiting.keys()]
        .filter((itemId) => itemIds.includes(itemId))
        .flatMap((itemId) => inbox.get(itemId) ?? [])
        .map(({ itemId, kind, bytes }) => ({ itemId, kind, bytes })),
    )
  }

  claimOldest(countMax: number, bytesMax: number) {
    return this.act('claimOldest', ({ inbox, waiting }) => {
      const oldest = [...waiting.keys()].slice(0, countMax).flatMap((itemId) => inbox.get(itemId) ?? [])
      return upToBytes(oldest, bytesMax).map(({ itemId, kind, bytes }) => ({ itemId, kind, bytes }))
    })
  }

  finishItems(finished: readonly FinishedItem[], _nowS: number) {
    return this.act('finishItems', ({ inbox, waiting }) => {
      for (const { itemId, outcome } of finished) {
        const known = inbox.get(itemId)
        if (known === undefined) continue
        inbox.set(itemId, { ...known, outcome })
        waiting.delete(itemId)
      }
    })
  }

  countAttempt(itemId: string) {
    return this.act('countAttempt', ({ inbox, waiting }) => {
      const known = inbox.get(itemId)
      if (known === undefined || !waiting.has(itemId)) return undefined
      const counted = { ...known, attempts: known.attempts + 1 }
      inbox.set(itemId, counted)
      return counted
    })
  }

  lockLogs(keys: readonly LogKey[], _nowS: number) {
    return this.act('lockLogs', ({ logs }) => {
      const locked = new Map<string, HeldLog>()
      for (const key of keys) {
        const held = logs.get(logName(key)) ?? emptyLog
        logs.set(logName(key), held)
        locked.set(logName(key), held)
      }
      return locked
    })
  }

  heldLog(key: LogKey) {
    return this.act('heldLog', ({ logs }) => logs.get(logName(key)))
  }

  storedEvents(key: LogKey, from: number, count: number) {
    return this.act('storedEvents', ({ events }) =>
      Array.from({ length: count }, (_, index) => events.get(`${logName(key)} ${from + index}`)).filter(
        (bytes) => bytes !== undefined,
      ),
    )
  }

  extendLogs(extensions: readonly LogExtension[], _nowS: number) {
    return this.act('extendLogs', (tables) => {
      for (const { firstSeq, events, frontier, checkpointAtS, ...key } of extensions) {
        const name = logName(key)
        events.forEach((bytes, index) => tables.events.set(`${name} ${firstSeq + index}`, bytes))
        const { earlyCount } = tables.logs.get(name) ?? emptyLog
        tables.logs.set(name, { frontier, root: toHex(rootOf(frontier)), checkpointAtS, earlyCount })
      }
    })
  }

  earlyPieces(device: string) {
    return this.act('earlyPieces', (tables) => earlyPiecesIn(tables, device))
  }

  changeEarly(added: readonly EarlyPiece[], dropped: readonly EarlyPiece[], _nowS: number) {
    return this.act('changeEarly', (tables) => changeEarlyIn(tables, added, dropped))
  }

  keepEvidence(pieces: readonly SourcedPiece[], _nowS: number) {
    return this.act('keepEvidence', ({ evidence }) => {
      for (const { piece } of pieces) {
        const known = evidence.get(piece.sessionId)
        const key = evidenceKey(piece)
        if (known?.has(key) !== true) evidence.set(piece.sessionId, new Map([...(known ?? []), [key, piece]]))
      }
    })
  }

  loadEvidence(ids: readonly SessionId[]) {
    return this.act('loadEvidence', ({ evidence, sessions }) => {
      const kept = ids.flatMap((id) => [...(evidence.get(id)?.values() ?? [])])
      const events = ids.flatMap((id) =>
        (sessions.get(id)?.logged ?? []).flatMap((event) => this.storedEvent(id, event)),
      )
      return events.length === 0 ? kept : [...kept, ...evidenceOfEvents(events, kept)]
    })
  }

  lockSessions(ids: readonly SessionId[]) {
    return this.act('lockSessions', ({ sessions }) => {
      const records = new Map<SessionId, SessionRecord>()
      for (const id of ids) {
        const record = sessions.get(id)
        if (record !== undefined) records.set(id, record)
      }
      return records
    })
  }

  addSessions(records: readonly SessionRecord[], nowS: number) {
    return this.changeSessions(records, nowS)
  }

  changeSessions(records: readonly SessionRecord[], _nowS: number) {
    return this.act('changeSessions', ({ sessions, sessionsOfSerial }) => {
      for (const record of records) {
        const before = sessions.get(record.sessionId)
        sessions.set(record.sessionId, record)
        if (record.serial === null || before?.serial === record.serial) continue
        const ofSerial = sessionsOfSerial.get(record.serial) ?? []
        sessionsOfSerial.set(record.serial, [...ofSerial, record.sessionId])
      }
    })
  }

  sessionStandings(ids: readonly string[]) {
    return this.act('sessionStandings', ({ sessions, cases }) => {
      const inDoubt = new Set([...cases.values()].map(({ sessionId }) => sessionId))
      return [...new Set(ids)].sort().flatMap((id) => {
        const record = sessions.get(id as SessionId)
        if (record === undefined || record.state === 'orphan') return []
        const { sessionId, postedMinor: totalMinor } = record
        return [{ sessionId, state: inDoubt.has(sessionId) ? ('case' as const) : record.state, totalMinor }]
      })
    })
  }

  chainLinks(serials: readonly GrantSerial[]) {
    return this.act('chainLinks', ({ sessions, sessionsOfSerial }) =>
      serials
        .flatMap((serial) => sessionsOfSerial.get(serial) ?? [])
        .sort()
        .flatMap((id) => toLink(sessions.get(id))),
    )
  }

  sessionsUnder(serial: GrantSerial, countMax: number) {
    return this.act('sessionsUnder', ({ sessionsOfSerial }) =>
      (sessionsOfSerial.get(serial) ?? []).toSorted().slice(0, countMax),
    )
  }

  keepSightings(sightings: readonly Sighting[], _nowS: number) {
    return this.act('keepSightings', (tables) => {
      for (const seen of sightings) {
        const name = `${seen.serial} ${seen.seq} ${seen.hash}`
        if (!tables.sightings.has(name)) tables.sightings.set(name, seen)
      }
    })
  }

  sightingsOf(serials: readonly GrantSerial[]) {
    return this.act('sightingsOf', ({ sightings }) =>
      [...sightings.list()]
        .filter(([, { serial }]) => serials.includes(serial))
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([, seen]) => seen),
    )
  }

  lockLapsedHolds(chargerIds: readonly string[], marginS: number) {
    return this.act('lockLapsedHolds', ({ sessions, logs }) => {
      const newest = new Map<string, { epoch: number; atS: number }>()
      for (const [name, { checkpointAtS: atS }] of logs.list()) {
        const [device = '', epochText] = name.split(' ')
        const epoch = Number(epochText)
        if (epoch >= (newest.get(device)?.epoch ?? 0)) newest.set(device, { epoch, atS })
      }
      return [...sessions.values()].flatMap((record) => {
        const { chargerId, offerExpiresAtS, holdState } = record
        if (chargerId === null || !chargerIds.includes(chargerId) || offerExpiresAtS === null) return []
        const isPast = (newest.get(chargerId)?.atS ?? 0) > offerExpiresAtS + marginS
        return holdState === 'open' && isPast ? toHold(record) : []
      })
    })
  }

  endHolds(ids: readonly SessionId[]) {
    return this.act('endHolds', ({ sessions }) => {
      for (const id of ids)
        sessions.set(id, { ...(sessions.get(id) ?? orphanSession(id)), holdState: 'resolved' })
    })
  }

  settledReceipts(chargerId: string, serialsMax: number) {
    return this.act('settledReceipts', ({ sessions, cases }) => {
      const inDoubt = new Set([...cases.values()].map(({ sessionId }) => sessionId))
      const ofCharger = [...sessions.values()].filter((record) => record.chargerId === chargerId)
      const counters = new Set(
        ofCharger.flatMap(({ state, receiptCounter }) => (state === 'settled' ? [receiptCounter] : [])),
      )
      let counter = 0
      while (counters.has(counter + 1)) counter += 1
      const serials = ofCharger.flatMap(({ sessionId, serial }) =>
        serial !== null && inDoubt.has(sessionId) ? [serial] : [],
      )
      return { counter, heldSerials: [...new Set(serials)].sort().slice(0, serialsMax) }
    })
  }

  lockBooks(serials: readonly GrantSerial[]) {
    return this.act('lockBooks', ({ reserves, closes }) => {
      const books: Books = { reserves: new Map(), owners: new Map() }
      for (const serial of serials) {
        const reserve = reserves.get(serial)
        if (reserve === undefined) continue
        const { owner, coveredMinor, releasedAtS } = reserve
        const balanceMinor = this.balance(reserveAccount(serial)).postedMinor
        const isReleased = releasedAtS !== null
        const closedAfterSeq = closes.get(serial)
        books.reserves.set(serial, { owner, balanceMinor, coveredMinor, isReleased, closedAfterSeq })
        books.owners.set(owner, {
          availableMinor: this.balance(owner).availableMinor,
          owedMinor: 0 - this.balance(receivableAccount(owner)).postedMinor,
        })
      }
      return books
    })
  }

  writeCovered(books: Books) {
    return this.act('writeCovered', ({ reserves }) => {
      for (const [serial, { coveredMinor }] of books.reserves) {
        const known = reserves.get(serial)
        if (known !== undefined && known.coveredMinor !== coveredMinor)
          reserves.set(serial, { ...known, coveredMinor })
      }
    })
  }

  post(batch: readonly Transfer[]) {
    return this.act('post', ({ ledger }) => ledger.post(batch))
  }

  lockBalances(accounts: readonly LedgerAccount[]) {
    return this.act(
      'lockBalances',
      () => new Map(accounts.map((account) => [account, this.balance(account)])),
    )
  }

  lockDueReserves(nowS: number, countMax: number) {
    return this.act('lockDueReserves', ({ reserves, sessions, sessionsOfSerial }) => {
      const due = [...reserves.list()]
        .filter(([, { releasedAtS, releaseAfterS }]) => releasedAtS === null && releaseAfterS < nowS)
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .slice(0, countMax)
        .map(([serial, { owner }]) => ({ serial, owner }))
      const holds = due
        .flatMap(({ serial }) => sessionsOfSerial.get(serial) ?? [])
        .flatMap((id) => toHold(sessions.get(id)))
      return { reserves: due, holds }
    })
  }

  endReserves(serials: readonly GrantSerial[], nowS: number) {
    return this.act('endReserves', ({ reserves }) => {
      for (const serial of serials) {
        const known = reserves.get(serial)
        if (known !== undefined) reserves.set(serial, { ...known, releasedAtS: nowS })
      }
    })
  }

  trust() {
    return this.act('trust', () => ({ root: this.operator.root, list: this.operator.trustList.payload }))
  }

  async news(): Promise<TrustResponse> {
    this.step('news')
    const { tenant, root, trustList, policy, clock, issuer } = this.operator
    const nowS = clock.nowS()
    const listed = [...this.tables.revoked.list()]
    const live = listed.filter(([, { notAfterS }]) => notAfterS >= nowS)
    const newest = live
      .sort(([, left], [, right]) => right.epoch - left.epoch)
      .slice(0, limits.revokedSerialsMax)
    const serials = newest.map(([serial]) => serial).sort()
    const signed = await signMessage(
      revocations,
      { operator: tenant, epoch: listed.length, timeS: nowS, serials },
      issuer,
    )
    return {
      root,
      trustList: toBase64Url(trustList.bytes),
      revocations: toBase64Url(signed.bytes),
      policy: toBase64Url(policy),
    }
  }

  certificatesOf(chargerIds: readonly string[]) {
    return this.act('certificatesOf', ({ certificates }) => present(chargerIds, certificates))
  }

  knownGrants(serials: readonly GrantSerial[]) {
    return this.act('knownGrants', ({ grants }) => present(serials, grants))
  }

  knownCards(hashes: readonly MessageHash[]) {
    return this.act('knownCards', ({ cards, revoked }) => {
      const found = new Map<MessageHash, KnownCard>()
      for (const hash of hashes) {
        const card = cards.get(hash)
        if (card !== undefined) found.set(hash, { ...card, revokedAtS: revoked.get(card.serial)?.revokedAtS })
      }
      return found
    })
  }

  revokeGrant(serial: GrantSerial, notAfterS: number, reason: string) {
    return this.act('revokeGrant', ({ revoked }) => {
      const revokedAtS = reason === spentUp ? undefined : this.operator.clock.nowS()
      if (!revoked.has(serial)) revoked.set(serial, { epoch: revoked.size + 1, notAfterS, revokedAtS })
    })
  }

  openCases(opened: readonly NewCase[], nowS: number) {
    return this.act('openCases', ({ cases }) => openIn(cases, opened, nowS))
  }

  resolveCases(kind: CaseKind, chargerIds: readonly string[], nowS: number) {
    return this.act('resolveCases', ({ cases }) => resolveIn(cases, kind, chargerIds, nowS))
  }

  noteGaps(gaps: readonly DeviceGap[], nowS: number) {
    return this.act('noteGaps', (tables) => noteGaps(tables, gaps, nowS))
  }

  receiptGaps(devices: readonly string[] | undefined, countMax: number) {
    return this.act('receiptGaps', (tables) => receiptGapsIn(tables, devices).slice(0, countMax))
  }

  standingGaps(countMax: number) {
    return this.act('standingGaps', ({ gaps }) =>
      [...gaps.list()]
        .sort(([left, one], [right, other]) => one.seenAtS - other.seenAtS || (left < right ? -1 : 1))
        .slice(0, countMax)
        .map(([, gap]) => gap),
    )
  }

  endGaps(ended: readonly DeviceGap[], _nowS: number) {
    return this.act('endGaps', ({ gaps }) => {
      for (const gap of ended) gaps.delete(gapName(gap))
    })
  }

  quarantine(source: QuarantineSource, pieces: readonly Rejected[], nowS: number) {
    return this.act('quarantine', ({ quarantine }) => {
      if (pieces.length === 0) return
      const recent = [...quarantine.values()].filter(
        (kept) => kept.source === source && kept.receivedAtS > nowS - quarantineWindowS,
      )
      for (const piece of pieces.slice(0, quarantineRoom(source, recent.length))) {
        const id = toHex(sha256(concat(utf8(`${piece.what} ${piece.code} `), piece.bytes)))
        if (!quarantine.has(id)) quarantine.set(id, { ...piece, source, receivedAtS: nowS })
      }
    })
  }

  private storedEvent(id: SessionId, event: LoggedEvent): readonly StoredEvent[] {
    const bytes = this.tables.events.get(eventName(event))
    const certificate = this.tables.certificates.get(event.device)?.at(-1)
    return bytes === undefined || certificate === undefined ? [] : [{ sessionId: id, bytes, certificate }]
  }

  private balance(account: LedgerAccount) {
    return this.tables.ledger.balance(account, this.operator.currency)
  }

  private act<T>(operation: string, work: (tables: MemoryTables) => T): Promise<T> {
    try {
      this.step(operation)
      return Promise.resolve(work(this.tables))
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)))
    }
  }
}
