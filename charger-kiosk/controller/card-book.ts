/**
 * The issuer's list of this site's cards as the controller keeps it: parts until they are whole, then in force until a
 * newer version is; and what prices held here when, for cards that charged while nobody was there. All of it stands in
 * the journal's encrypted file and nowhere else.
 */

import { equalBytes, type Bytes } from '@/lib/core/bytes'
import { ok, type Result } from '@/lib/core/result'
import { epochSeconds, type EpochSeconds } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import type { Journal, JournalFault, ProjectionWrite } from '@/lib/journal/journal'
import type { JournalEvent } from '@/lib/protocol/journal-event'
import { parseMessage } from '@/lib/protocol/message'
import { localList } from '@/lib/protocol/messages/local-list'
import type { Policy } from '@/lib/protocol/messages/policy'
import { policySwitches } from '@/lib/protocol/messages/policy-terms'
import { openIssued, verifyByIssuer } from '@/lib/protocol/trust'
import type { PresentedToken } from '../ocpp/port'
import {
  assembleList,
  findCard,
  isOfOneList,
  type Card,
  type CardList,
  type ListPart,
} from '../session/card-list'
import { rows, type KioskTable } from '../session/records'
import { certificateAt, everTrustedBy, openPolicy, type Knowledge } from './knowledge'
import { policyAt } from './policy-in-force'
import { readAll } from './stored-rows'

type Write = ProjectionWrite<KioskTable>

export interface HeldPrice {
  readonly policy: Policy
  readonly heldFromS: EpochSeconds
}

/** Prices change a few times a month, and a charger's own memory of transactions is shorter than that. */
const pricesKeptMax = 16

export interface TakenParts {
  readonly events: readonly JournalEvent[]
  readonly writes: readonly Write[]
  /** Why a part was refused, for the journal. */
  readonly refused: string | undefined
}

export class CardBook {
  #list: CardList | undefined
  /** Parts of the newest version that is not whole yet. */
  #waiting: readonly ListPart[] = []
  #prices: ReadonlyMap<number, HeldPrice>
  #hasTold = false

  private constructor(list: CardList | undefined, prices: ReadonlyMap<number, HeldPrice>) {
    this.#list = list
    this.#prices = prices
  }

  static open(
    journal: Journal<KioskTable>,
    knowledge: Knowledge,
    verify: Verify,
  ): Result<CardBook, JournalFault> {
    const listed = readAll(journal, 'listed', (bytes) => ok(bytes))
    if (!listed.ok) return listed
    const priced = readAll(journal, 'price', rows.price.decode)
    if (!priced.ok) return priced
    const trust = everTrustedBy(knowledge)
    const parts = [...listed.value.values()].flatMap(
      (bytes) => openIssued(localList, bytes, trust, undefined, verify) ?? [],
    )
    const prices = [...priced.value.values()].flatMap(({ policy, heldFromS }) => {
      const opened = openPolicy(Uint8Array.from(policy), trust, verify)
      return opened.ok ? [{ policy: opened.value.payload, heldFromS }] : []
    })
    return ok(
      new CardBook(assembleList(parts), new Map(prices.map((one) => [one.policy.sequence, one] as const))),
    )
  }

  /** Whatever became of its validity: undefined where this charger never had one. */
  get list(): CardList | undefined {
    return this.#list
  }

  find(token: PresentedToken): Card | undefined {
    return this.#list === undefined ? undefined : findCard(this.#list, token)
  }

  /** Nobody is let in by a card: the policy says so, or no list ever came. */
  areOff(knowledge: Knowledge, nowS: EpochSeconds): boolean {
    const switches = policyAt(knowledge, nowS)?.switches ?? 0
    return this.#list === undefined || (switches & policySwitches.cardsOff) !== 0
  }

  /** What the issuer sent, each part verified by itself, in any order. The caller makes it durable. */
  take(parts: readonly Bytes[], knowledge: Knowledge, nowS: EpochSeconds, verify: Verify): TakenParts {
    let refused: string | undefined
    for (const bytes of parts) {
      const part = openPart(bytes, knowledge, nowS, verify)
      if (part === undefined) refused = 'a list of cards that is not for this site, or not from its issuer'
      else this.#wait(part)
    }
    const list = assembleList(this.#waiting)
    if (list === undefined) return { events: this.#saidAgain(parts, nowS), writes: [], refused }
    const before = this.#list?.parts.length ?? 0
    this.#waiting = []
    this.#list = list
    const writes: Write[] = list.parts.map((value, part) => ({ table: 'listed', key: String(part), value }))
    for (let part = list.parts.length; part < before; part += 1)
      writes.push({ table: 'listed', key: String(part), value: null })
    const adopted = { version: list.version, cards: list.cards.length }
    this.#hasTold = true
    return { events: [{ kind: 'list-adopted', timeS: nowS, ...adopted }], writes, refused }
  }

  /** Whoever brings what is held already has not heard so: a log that began anew says it once more, once a run. */
  #saidAgain(parts: readonly Bytes[], timeS: EpochSeconds): readonly JournalEvent[] {
    const list = this.#list
    const isHeld = list?.parts.some((held) => parts.some((part) => equalBytes(held, part))) === true
    if (list === undefined || !isHeld || this.#hasTold) return []
    this.#hasTold = true
    return [{ kind: 'list-adopted', timeS, version: list.version, cards: list.cards.length }]
  }

  /** Newer replaces older only, and one that is not whole yet gives way to a newer one. */
  #wait(part: ListPart): void {
    const [first] = this.#waiting
    const newest = first?.payload.version ?? this.#list?.version ?? -1
    if (first !== undefined && isOfOneList(first, part)) {
      const others = this.#waiting.filter(({ payload }) => payload.part !== part.payload.part)
      this.#waiting = [...others, part]
    } else if (part.payload.version > newest) this.#waiting = [part]
  }

  /** Policies that this charger holds since now. Nothing is kept where there are no cards. */
  notePrices({ policy, nextPolicy }: Knowledge, nowS: EpochSeconds): readonly Write[] {
    if (this.#list === undefined) return []
    const fresh = [policy, nextPolicy].filter(
      (one) => one !== undefined && !this.#prices.has(one.payload.sequence),
    )
    const writes: Write[] = []
    for (const one of fresh) {
      if (one === undefined) continue
      const { sequence } = one.payload
      // The first that is known has been in force before anybody wrote it down.
      const heldFromS = this.#prices.size === 0 ? one.payload.notBeforeS : nowS
      this.#prices = new Map([...this.#prices, [sequence, { policy: one.payload, heldFromS }]])
      const row = rows.price.encode({ policy: one.bytes, heldFromS })
      writes.push({ table: 'price', key: String(sequence), value: row })
    }
    const stale = [...this.#prices.keys()].sort((a, b) => b - a).slice(pricesKeptMax)
    if (stale.length === 0) return writes
    this.#prices = new Map([...this.#prices].filter(([sequence]) => !stale.includes(sequence)))
    return [...writes, ...stale.map((one): Write => ({ table: 'price', key: String(one), value: null }))]
  }

  /**
   * The policy by which something that began then is billed: the newest that this charger held at that time. Where
   * nobody can say, the present one.
   */
  priceAt(knowledge: Knowledge, atS: EpochSeconds, nowS: EpochSeconds): Policy | undefined {
    const held = [...this.#prices.values()]
      .filter(({ policy, heldFromS }) => Math.max(heldFromS, policy.notBeforeS) <= atS)
      .filter(({ policy }) => atS <= policy.notAfterS)
      .sort((left, right) => right.policy.sequence - left.policy.sequence)
    return held[0]?.policy ?? policyAt(knowledge, nowS) ?? knowledge.policy?.payload
  }
}

function openPart(
  bytes: Bytes,
  knowledge: Knowledge,
  nowS: EpochSeconds,
  verify: Verify,
): ListPart | undefined {
  const parsed = parseMessage(localList, bytes)
  if (!parsed.ok) return undefined
  const { operator, site, part, parts, timeS } = parsed.value.payload
  const { payload } = certificateAt(knowledge, nowS)
  const isOurs = operator === payload.operator && site === payload.siteId && part < parts
  return isOurs
    ? verifyByIssuer(parsed.value, knowledge.trustList.payload, epochSeconds(timeS), verify)
    : undefined
}
