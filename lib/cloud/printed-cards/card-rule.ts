/** What a printed card is worth and how it stands, from the books and the list of revocations. Pure. */

import { spentUp } from '../ingest/mandate'

export const cardStates = ['unused', 'used', 'used-up', 'void', 'expired'] as const
export type CardState = (typeof cardStates)[number]

/** As the rows say it. */
export interface CardFigures {
  readonly serial: string
  readonly number: number
  readonly capMinor: number
  /** In its reserve, open holds included. */
  readonly reservedMinor: number
  readonly heldMinor: number
  /** What went back to the fleet when the reserve ended. */
  readonly returnedMinor: number
  readonly notAfterS: number
  readonly releaseAfterS: number
  readonly isReleased: boolean
  readonly revocation: { readonly epoch: number; readonly atS: number; readonly reason: string } | undefined
}

export interface PrintedCard {
  readonly cardId: string
  readonly number: number
  readonly state: CardState
  /** Settled and held. */
  readonly spentMinor: number
  /** What it can still pay, or what waits to return. */
  readonly leftMinor: number
  readonly returnedMinor: number
  /** When what is left returns; null where nothing will. */
  readonly returnsAtS: number | null
  readonly voidSinceS: number | null
  /** Chargers that hold this epoch of the revocations or a later one refuse it. */
  readonly voidEpoch: number | null
}

export function printedCard(figures: CardFigures, nowS: number): PrintedCard {
  const { capMinor, reservedMinor, heldMinor, returnedMinor, revocation } = figures
  // On the list because it was used up is not void: nobody decided that.
  const voided = revocation === undefined || revocation.reason === spentUp ? undefined : revocation
  const spentMinor = Math.max(0, capMinor - reservedMinor - returnedMinor) + heldMinor
  const leftMinor = reservedMinor - heldMinor
  const isOver = voided !== undefined || figures.notAfterS <= nowS
  return {
    ...{ cardId: figures.serial, number: figures.number, spentMinor, leftMinor, returnedMinor },
    state: stateOf(voided !== undefined, figures, spentMinor, nowS),
    returnsAtS: isOver && !figures.isReleased && reservedMinor > 0 ? figures.releaseAfterS : null,
    voidSinceS: voided?.atS ?? null,
    voidEpoch: voided?.epoch ?? null,
  }
}

function stateOf(
  isVoid: boolean,
  { capMinor, heldMinor, notAfterS }: CardFigures,
  spentMinor: number,
  nowS: number,
): CardState {
  if (isVoid) return 'void'
  // Until its receipts are there, what a session holds may come back.
  if (spentMinor - heldMinor >= capMinor) return 'used-up'
  if (notAfterS <= nowS) return 'expired'
  return spentMinor > 0 ? 'used' : 'unused'
}

/** Whether somebody could still pay with it. */
export const isLive = ({ state }: Pick<PrintedCard, 'state'>): boolean =>
  state === 'unused' || state === 'used'

export interface BatchSums {
  readonly worthMinor: number
  readonly spentMinor: number
  /** What its live cards can still pay. */
  readonly leftMinor: number
  /** Of cards that are void or expired: on its way back, and back. */
  readonly returningMinor: number
  readonly returnedMinor: number
  readonly liveCount: number
  readonly usedCount: number
  readonly voidCount: number
}

export function sumsOf(cards: readonly PrintedCard[], capMinor: number): BatchSums {
  const sum = (of: (card: PrintedCard) => number): number =>
    cards.reduce((total, card) => total + of(card), 0)
  const count = (is: (card: PrintedCard) => boolean): number => cards.filter(is).length
  return {
    worthMinor: cards.length * capMinor,
    spentMinor: sum(({ spentMinor }) => spentMinor),
    leftMinor: sum((card) => (isLive(card) ? card.leftMinor : 0)),
    returningMinor: sum((card) => (isLive(card) ? 0 : card.leftMinor)),
    returnedMinor: sum(({ returnedMinor }) => returnedMinor),
    liveCount: count(isLive),
    usedCount: count(({ spentMinor }) => spentMinor > 0),
    voidCount: count(({ state }) => state === 'void'),
  }
}

/** As it is printed and typed: the first half of the serial, by which revocations name it too. */
export const shortSerial = (cardId: string): string =>
  `${cardId.slice(0, 4)}-${cardId.slice(4, 8)}`.toUpperCase()

/** However it is typed. */
export const sameTyped = (typed: string, wanted: string): boolean => plain(typed) === plain(wanted)

const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/[\s-]+/g, ' ')
    .trim()
    .toLowerCase()
