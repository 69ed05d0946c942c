/**
 * The oracle: one naive pass over everything that truly happened says what must stand in the books, and a naive
 * ledger adds up every transfer again. What a burnt charger or a drowned phone took with it may be missing, nothing else.
 */

import { parseMessage } from '@/lib/protocol/message'
import { answer } from '@/lib/protocol/messages/answer'
import { receipt } from '@/lib/protocol/messages/receipt'
import { outliveHolds, playAgain } from './heal'
import { checkHolds, checkLedger, checkOwners } from './naive-books'
import { checkReleases } from './naive-chains'
import { checkCards } from './naive-cards'
import { checkGuests } from './naive-guests'
import { chainsOn } from './phone-records'
import { short } from './trace'
import type { Allowed, Consented, TrueAccept, TrueFinal } from './truth'
import type { World } from './world'
import type { BookedSession, BookedTransfer, CloudBooks } from './world-cloud'

export async function judgeBooks(world: World): Promise<void> {
  const first = await world.cloud.books()
  judge(world, first)
  await playAgain(world)
  const second = await world.cloud.books()
  if (moneyOf(first) !== moneyOf(second))
    world.trace.violate('replay changes nothing', firstChange(first, second))
  await outliveHolds(world)
  const last = await world.cloud.books()
  judge(world, last)
  checkGuests(world, last, true)
  for (const { account, postedMinor, pendingMinor } of last.accounts) {
    // A consent or a dispute that comes home after a release or a close may find less than it promises.
    const isEmptied = world.hasReleased || last.transfers.some(gaveBack(account))
    // More may be in doubt than there is left: whoever decides decides how much of it is true.
    const isDoubted = pendingMinor === disputedOf(last, account)
    const isLate = (isEmptied || isDoubted) && postedMinor <= pendingMinor
    if (account.startsWith('reserve:') && postedMinor !== pendingMinor && !isLate)
      world.trace.violate(
        'every reserve ends',
        `${account} holds ${postedMinor}, ${pendingMinor} of it pending`,
      )
  }
}

const disputedOf = ({ sessions }: CloudBooks, reserve: string): number =>
  sessions.reduce(
    (sum, { serial, disputedMinor }) => (`reserve:${serial}` === reserve ? sum + disputedMinor : sum),
    0,
  )

/** What leaves a reserve for its owner, or for a guest's card. */
const emptying: ReadonlySet<string> = new Set([
  'release',
  'unauthorise',
  'guest-refund',
  'uncover-balance',
  'uncover-receivable',
])

const gaveBack =
  (reserve: string) =>
  ({ kind, debit }: BookedTransfer): boolean =>
    emptying.has(kind) && debit === reserve

function judge(world: World, books: CloudBooks): void {
  checkLedger(world, books)
  checkHolds(world, books)
  checkOwners(world, books)
  checkGuests(world, books, false)
  checkCards(world, books)
  checkReleases(world)
  checkSessions(world, books)
  checkForks(world, books)
  checkLogs(world, books)
  if (books.waiting > 0) world.trace.violate('the inbox is worked off', `${books.waiting} wait`)
}

/** Everything but what merely names the time. */
const moneyOf = ({ transfers, accounts, sessions, logs }: CloudBooks): string =>
  JSON.stringify([transfers, accounts, sessions, logs])

function firstChange(before: CloudBooks, after: CloudBooks): string {
  const known = new Set(before.transfers.map((transfer) => JSON.stringify(transfer)))
  const fresh = after.transfers.find((transfer) => !known.has(JSON.stringify(transfer)))
  return fresh === undefined ? 'sessions or logs differ' : JSON.stringify(fresh)
}

/** What is certainly home of one session, and what may be. */
interface Known {
  readonly consent: boolean
  readonly finals: readonly TrueFinal[]
  readonly perhaps: readonly TrueFinal[]
}

function checkSessions(world: World, books: CloudBooks): void {
  const { trace, truth } = world
  const booked = new Map(books.sessions.map((session) => [session.sessionId, session]))
  for (const session of books.sessions) {
    const moves = session.postedMinor !== null || session.hold !== 'none'
    if (moves && truth.allowed(session.sessionId) === undefined)
      trace.violate('every posting traces to a consent', short(session.sessionId))
  }
  const phones = heldByPhones(world)
  for (const sessionId of [...truth.consents.keys(), ...truth.cards.sessions.keys()]) {
    const allowed = truth.allowed(sessionId)
    if (allowed === undefined) continue
    const known = knownOf(world, allowed, phones)
    const session = booked.get(sessionId)
    if (session?.serial === undefined || session.serial === null) {
      if (known.consent) trace.violate('no consent is dropped', short(sessionId))
    } else checkSession(world, allowed, known, session, books)
  }
}

function checkSession(
  world: World,
  { sessionId, serial, holdMinor }: Allowed,
  { finals, perhaps }: Known,
  session: BookedSession,
  books: CloudBooks,
): void {
  const { trace } = world
  const name = short(sessionId)
  const { postedMinor } = session
  if (session.owner !== world.truth.owners.get(serial)) trace.violate('whoever consented pays', name)
  if ((postedMinor ?? 0) > holdMinor) trace.violate('nobody pays more than the hold', name)
  const owed = finals.length === 0 ? null : Math.min(...finals.map(({ totalMinor }) => totalMinor))
  const possible: (number | null)[] = [
    owed,
    ...perhaps.map(({ totalMinor }) => totalMinor).filter((total) => owed === null || total < owed),
  ]
  if (!possible.includes(postedMinor))
    trace.violate(
      'what is posted is what is owed',
      `${name}: ${postedMinor} instead of ${possible.join(' or ')}`,
    )
  const receipts = new Set(finals.filter(({ kind }) => kind === 'receipt').map(({ hash }) => hash))
  const isDouble = receipts.size > 1 || (receipts.size > 0 && finals.some(({ kind }) => kind === 'decline'))
  const hasCase = books.cases.some((one) => one.kind === 'two-finals' && one.sessionId === sessionId)
  if (isDouble && !hasCase) trace.violate('two last words open a case', name)
}

interface HeldByPhones {
  readonly consents: ReadonlySet<string>
  /** `session receipt-hash`, or `session decline`. */
  readonly finals: ReadonlySet<string>
}

function heldByPhones(world: World): HeldByPhones {
  const consents = new Set<string>()
  const finals = new Set<string>()
  for (const phone of world.phones) {
    if (phone.isDestroyed) continue
    for (const { sessionId, signed, answers, receipts } of chainsOn(phone.disk).flatMap(
      ({ entries }) => entries,
    )) {
      if (signed !== null) consents.add(sessionId)
      for (const bytes of receipts) {
        const parsed = parseMessage(receipt, bytes)
        if (parsed.ok) finals.add(`${sessionId} ${parsed.value.hash}`)
      }
      for (const bytes of answers) {
        const parsed = parseMessage(answer, bytes)
        if (parsed.ok && parsed.value.payload.verdict !== 'accepted') finals.add(`${sessionId} decline`)
      }
    }
  }
  return { consents, finals }
}

function knownOf(world: World, { sessionId, offerHash }: Allowed, phones: HeldByPhones): Known {
  const { truth, safety } = world
  const owner = safety.ownerOf(offerHash)
  // A log that a stolen key made up lies on no charger's disk: it is home where it was heard, and nowhere else.
  const isHome = (place: TrueFinal | TrueAccept): boolean =>
    (safety.isConfirmed(place) && !truth.isOverwritten(place)) ||
    (isSound(world, place.chargerId) && !world.isRogueEpoch(place.epoch))
  const accepted = truth.accepts.some((accept) => accept.sessionId === sessionId && isHome(accept))
  const finals: TrueFinal[] = []
  const perhaps: TrueFinal[] = []
  for (const final of truth.finals) {
    if (final.sessionId !== sessionId || final.chargerId !== owner) continue
    const isHeld = phones.finals.has(`${sessionId} ${final.kind === 'receipt' ? final.hash : 'decline'}`)
    // Without the offer, a charger's own word that an offer is not its own says nothing about whose it is.
    const saysEnough = final.kind === 'receipt' || final.verdict !== 'offer.unknown'
    if (isHeld || (isHome(final) && saysEnough)) finals.push(final)
    else perhaps.push(final)
  }
  const consent = phones.consents.has(sessionId) || accepted || finals.some(isHome)
  return { consent, finals, perhaps }
}

/** Its disk holds all that it ever wrote. */
const isSound = ({ chargers, safety }: World, chargerId: string): boolean =>
  !safety.rolledBack.has(chargerId) &&
  chargers.some(({ id, isDestroyed }) => id === chargerId && !isDestroyed)

/** What the cloud holds of a log is what the device's key has signed; no carrier and no crash makes another one. */
function checkLogs({ trace, truth }: World, { logs, cases }: CloudBooks): void {
  for (const device of truth.forkedDevices) {
    const hasCase = cases.some(({ kind, chargerId }) => kind === 'device-fork' && chargerId === device)
    if (!hasCase) trace.violate('a forked log opens a case', device)
  }
  for (const { device, epoch, size, root } of logs) {
    const signed = size === 0 ? undefined : truth.rootsOf(device, epoch, size)
    if (signed !== undefined && !signed.has(root))
      trace.violate('a held log is a signed log', `${device} epoch ${epoch} size ${size}`)
  }
}

/** Two consents in one place of a chain are a fork: a case, and the grant is frozen. */
function checkForks(world: World, books: CloudBooks): void {
  const phones = heldByPhones(world)
  const places = new Map<string, Consented>()
  for (const consent of world.truth.consents.values()) {
    const allowed = world.truth.allowed(consent.sessionId)
    if (allowed === undefined || !knownOf(world, allowed, phones).consent) continue
    const place = `${consent.serial} ${consent.payload.seq}`
    const other = places.get(place)
    places.set(place, consent)
    if (other === undefined) continue
    const hasCase = books.cases.some(({ kind, serial }) => kind === 'fork' && serial === consent.serial)
    if (!hasCase) world.trace.violate('a fork opens a case', place)
    if (!books.revoked.includes(consent.serial)) world.trace.violate('a fork freezes the grant', place)
  }
}
