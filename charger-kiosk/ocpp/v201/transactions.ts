/**
 * What is remembered of one 2.0.1 charger's transactions. The charger names them by texts of its own; the port numbers
 * them. The number is made from the name, so that after a restart of this controller, which forgets everything here, the
 * same transaction has the same number again.
 */

import { createHash } from 'node:crypto'
import {
  connectorId,
  transactionId,
  type ChargePointIdentity,
  type ConnectorId,
  type TransactionId,
} from '../ids'
import type { ConnectorStatus } from '../port'

export interface Transaction {
  readonly name: string
  id: TransactionId
  evse: ConnectorId | undefined
  /** Whether the shell was told that it began: before that it is only a cable. */
  hasBegun: boolean
  /** Whether this controller was there when the charger spoke of it first. */
  wasSeenToStart: boolean
}

/** A charger runs one at an EVSE; what is older was ended, or lost its end. */
const rememberedMax = 64
/** Prime below 2³¹: numbers stay in what every part of this controller stores. */
const numbers = 2_147_483_629

export class Transactions {
  readonly #identity: ChargePointIdentity
  readonly #byName = new Map<string, Transaction>()
  /** By the number that was sent with the start, for chargers that report it and not the token. */
  readonly #tagsByStart = new Map<number, string>()
  readonly #statuses = new Map<ConnectorId, ConnectorStatus>()
  readonly #finishing = new Set<ConnectorId>()
  #starts = 0

  constructor(identity: ChargePointIdentity) {
    this.#identity = identity
  }

  named(name: string): Transaction {
    const known = this.#byName.get(name)
    if (known !== undefined) return known
    const made: Transaction = {
      name,
      id: this.#numberOf(name),
      evse: undefined,
      hasBegun: false,
      wasSeenToStart: false,
    }
    this.#byName.set(name, made)
    const [oldest] = this.#byName.keys()
    if (this.#byName.size > rememberedMax && oldest !== undefined) this.#byName.delete(oldest)
    return made
  }

  /** The charger's own name; undefined until it has spoken of the transaction on this run. */
  nameOf(id: TransactionId): string | undefined {
    return [...this.#byName.values()].find((transaction) => transaction.id === id)?.name
  }

  runningAt(evse: ConnectorId): Transaction | undefined {
    return [...this.#byName.values()].findLast(
      (transaction) => transaction.evse === evse && transaction.hasBegun,
    )
  }

  ended(transaction: Transaction): void {
    this.#byName.delete(transaction.name)
    if (transaction.evse !== undefined && transaction.hasBegun) this.#finishing.add(transaction.evse)
  }

  /** A new number for a start that is asked for (`remoteStartId`). */
  startFor(tag: string): number {
    this.#starts = (this.#starts % 1_000_000) + 1
    this.#tagsByStart.set(this.#starts, tag)
    const [oldest] = this.#tagsByStart.keys()
    if (this.#tagsByStart.size > rememberedMax && oldest !== undefined) this.#tagsByStart.delete(oldest)
    return this.#starts
  }

  tagOfStart(remoteStartId: number): string | undefined {
    return this.#tagsByStart.get(remoteStartId)
  }

  /** Every EVSE that was heard of, the first one always. */
  evses(): readonly ConnectorId[] {
    return [...new Set([connectorId(1), ...this.#statuses.keys()])].sort((left, right) => left - right)
  }

  /** "Occupied" says only that a cable is plugged: before a session, in one, or after it. */
  plugged(evse: ConnectorId): ConnectorStatus {
    if (this.runningAt(evse) !== undefined) return this.#statuses.get(evse) ?? 'Charging'
    return this.#finishing.has(evse) ? 'Finishing' : 'Preparing'
  }

  heard(evse: ConnectorId, status: ConnectorStatus): void {
    this.#statuses.set(evse, status)
    if (status === 'Available') this.#finishing.delete(evse)
  }

  #numberOf(name: string): TransactionId {
    const digest = createHash('sha256').update(`${this.#identity}\n${name}`).digest()
    return transactionId(1 + (digest.readUIntBE(0, 6) % numbers))
  }
}
