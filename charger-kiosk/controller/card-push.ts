/**
 * Gives every charger the site's cards as its own list (OCPP, SendLocalList), so that it starts these while this
 * controller is down. A charger gets what counts now: no card that was revoked, is used up or has expired, and none at
 * all once the issuer's list has expired or the policy switched cards off. Runs beside the queue, one charger at a time.
 */

import { toHex, utf8 } from '@/lib/core/bytes'
import { messageHash } from '@/lib/core/ids'
import { epochSeconds } from '@/lib/core/units'
import { sha256 } from '@/lib/crypto/hash'
import type { ChargePointIdentity } from '../ocpp/ids'
import type {
  ChargerEvent,
  CommandError,
  ListedToken,
  TokenListCommands,
  TokenListUpdate,
} from '../ocpp/port'
import { serialOf } from '../session/card-list'
import { rows, type PushedRow } from '../session/records'
import { isRevoked, meta, revocationEpochOf } from './knowledge'
import type { Shell } from './shell'
import { known, readRow } from './stored-rows'

/** Where a charger does not say how many it takes at once. */
const perMessageDefault = 50

export class CardPush {
  readonly #shell: Shell
  /** What was sent in this run, by which small changes are told from new lists. */
  readonly #sent = new Map<ChargePointIdentity, readonly ListedToken[]>()
  /** Linked and set up: others are told when they are. */
  readonly #ready = new Set<ChargePointIdentity>()
  /** Linked again and silent so far. */
  readonly #back = new Set<ChargePointIdentity>()
  readonly #busy = new Set<ChargePointIdentity>()
  readonly #again = new Set<ChargePointIdentity>()
  #seen = ''

  constructor(shell: Shell) {
    this.#shell = shell
  }

  get isBusy(): boolean {
    return this.#busy.size > 0
  }

  /**
   * A charger that has its settings may keep anybody's cards. One that only lost its link is looked at once it has spoken:
   * what changed meanwhile it has not heard.
   */
  heard(event: ChargerEvent): void {
    if (event.type === 'configured') {
      this.#ready.add(event.identity)
      void this.#push(event.identity)
    } else if (event.type === 'connected') this.#back.add(event.identity)
    else if (event.type === 'status' && this.#back.delete(event.identity) && this.#ready.has(event.identity))
      void this.#push(event.identity)
  }

  /** Called after every job: cheap where nothing has changed. */
  look(): void {
    const { cards, knowledge, books, time } = this.#shell
    if (cards.list === undefined) return
    const { timeS } = time.now()
    const isOver = cards.areOff(knowledge, timeS) || timeS > cards.list.notAfterS
    const spent = books.counters.receiptCounter
    const seen = [cards.list.version, isOver, revocationEpochOf(knowledge), isOver ? 0 : spent].join(' ')
    if (seen === this.#seen) return
    this.#seen = seen
    for (const identity of this.#ready) void this.#push(identity)
  }

  async #push(identity: ChargePointIdentity): Promise<void> {
    if (this.#busy.has(identity)) return void this.#again.add(identity)
    this.#busy.add(identity)
    try {
      do {
        this.#again.delete(identity)
        await this.#bring(identity)
      } while (this.#again.has(identity))
    } catch (error) {
      this.#shell.ports.log?.('card-list-failed', { identity, detail: String(error) })
    } finally {
      this.#busy.delete(identity)
    }
  }

  async #bring(identity: ChargePointIdentity): Promise<void> {
    const shell = this.#shell
    const charger = shell.ports.charger(identity)
    const before = this.#pushed(identity)
    const wanted = this.#wanted()
    if (charger?.isConnected() !== true || charger.tokenList === undefined) return
    if (shell.cards.list === undefined) return
    const list = charger.tokenList
    const version = await list.version()
    if (!version.ok) return this.#failed(identity, version.error)
    const entries = await this.#fitting(identity, list, wanted)
    const digest = digestOf(entries)
    if (before?.version !== version.value || before.digest !== digest) {
      // The list is on before it is filled, and nobody starts by it until it is whole.
      if (wanted.length > 0 && before === undefined) await list.allowOffline(true)
      const sent = await this.#send(identity, list, entries, Math.max(version.value, before?.version ?? 0))
      if (!sent.ok) return this.#failed(identity, sent.error)
      this.#sent.set(identity, entries)
      await this.#remember(identity, { version: sent.version, digest })
      shell.ports.log?.('card-list-sent', { identity, version: sent.version, cards: entries.length })
    }
    await list.allowOffline(entries.length > 0)
  }

  /** Full where nothing is known of what it has; else what has changed, if that is less. */
  async #send(
    identity: ChargePointIdentity,
    list: TokenListCommands,
    entries: readonly ListedToken[],
    atLeast: number,
  ): Promise<{ ok: true; version: number } | { ok: false; error: CommandError }> {
    const perMessage = (await list.limits()).perMessage ?? perMessageDefault
    const known = this.#sent.get(identity)
    const changes = known === undefined ? undefined : changesOf(known, entries)
    const isSmall = changes !== undefined && changes.count <= Math.min(perMessage, entries.length)
    if (isSmall) {
      const { added, removed } = changes
      const update = { version: atLeast + 1, isFull: false, entries: added, removed }
      if ((await list.send(update)).ok) return { ok: true, version: update.version }
      // "VersionMismatch", or anything else: it has another list than we think.
      this.#sent.delete(identity)
    }
    let version = atLeast + (isSmall ? 1 : 0)
    for (const update of pages(entries, perMessage)) {
      version += 1
      const sent = await list.send({ ...update, version })
      if (!sent.ok) return { ok: false, error: sent.error }
    }
    return { ok: true, version }
  }

  async #fitting(
    identity: ChargePointIdentity,
    list: TokenListCommands,
    wanted: readonly ListedToken[],
  ): Promise<readonly ListedToken[]> {
    const most = wanted.length === 0 ? undefined : (await list.limits()).most
    if (most === undefined || wanted.length <= most) return wanted
    // The rest is still let in whenever this controller can be asked.
    this.#shell.ports.log?.('card-list-cut', { identity, cards: wanted.length, most })
    return wanted.slice(0, most)
  }

  /** In the issuer's order: what a full charger has no room for is what was listed last. */
  #wanted(): readonly ListedToken[] {
    const { cards, knowledge, books, time } = this.#shell
    const { timeS } = time.now()
    const { list } = cards
    if (list === undefined || cards.areOff(knowledge, timeS) || timeS > list.notAfterS) return []
    return list.cards.flatMap((card) => {
      const { capMinor, notAfterS } = card.voucher.payload
      const spentMinor = books.bearer(serialOf(card))?.spentMinor ?? 0
      if (isRevoked(knowledge, serialOf(card)) || timeS > notAfterS || spentMinor >= capMinor) return []
      const expiresAtS = epochSeconds(Math.min(list.notAfterS, notAfterS))
      return [{ text: card.token, type: card.type, expiresAtS, group: card.group }]
    })
  }

  #pushed(identity: ChargePointIdentity): PushedRow | undefined {
    return known(readRow(this.#shell.ports.journal, 'meta', keyOf(identity), rows.pushed.decode))
  }

  async #remember(identity: ChargePointIdentity, row: PushedRow): Promise<void> {
    await this.#shell.run(() => this.#shell.write([], [meta(keyOf(identity), rows.pushed.encode(row))]))
  }

  /** A charger without lists still asks about every card; it starts none by itself. */
  #failed(identity: ChargePointIdentity, { code, detail }: CommandError): void {
    this.#sent.delete(identity)
    this.#shell.ports.log?.('card-list-failed', { identity, code, detail })
  }
}

const keyOf = (identity: ChargePointIdentity): string => `pushed-${identity}`

const tokenOf = ({ text, type }: Pick<ListedToken, 'text' | 'type'>): string => `${type} ${text}`
const wordsOf = (token: ListedToken): string => JSON.stringify(token)

const digestOf = (entries: readonly ListedToken[]) =>
  messageHash(toHex(sha256(utf8(entries.map(wordsOf).join('\n')))).slice(0, 32))

function changesOf(before: readonly ListedToken[], after: readonly ListedToken[]) {
  const had = new Set(before.map(wordsOf))
  const kept = new Set(after.map(tokenOf))
  const added = after.filter((token) => !had.has(wordsOf(token)))
  const removed = before.filter((token) => !kept.has(tokenOf(token)))
  return { added, removed, count: added.length + removed.length }
}

/** The first replaces whatever the charger had, also where there is nothing to bring. */
function pages(
  entries: readonly ListedToken[],
  perMessage: number,
): readonly Omit<TokenListUpdate, 'version'>[] {
  const made: Omit<TokenListUpdate, 'version'>[] = []
  for (let from = 0; from === 0 || from < entries.length; from += perMessage)
    made.push({ isFull: from === 0, entries: entries.slice(from, from + perMessage), removed: [] })
  return made
}
