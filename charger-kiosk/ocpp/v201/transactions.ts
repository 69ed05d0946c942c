/**
 * What is remembered of one 2.0.1 charger's transactions. The charger names them by texts of its own; the port numbers
 * them. The number is made from the name, so that after a restart of this controller, which forgets everything here, the
 * same transaction has the same number again.
 */

import { createHash } from 'node:crypto'
import { transactionId, type ChargePointIdentity, type ConnectorId, type TransactionId } from '../ids'
import type { ConnectorStatus } from '../port'

export interface Transaction {
  readonly name: string
  id: TransactionId
  evse: ConnectorId | undefined
  /** Which of the EVSE's connectors, where the charger says so. */
  evseConnector: number | undefined
  /** Whether the shell was told that it began: before that it is only a cable. */
  hasBegun: boolean
  /** Whether this controller was there when the charger spoke of it first. */
  wasSeenToStart: boolean
}

export interface EvseSocket {
  readonly evseId: number
  readonly connectorId: number
}

interface HeardSocket extends EvseSocket {
  status: ConnectorStatus | undefined
  /** A transaction has ended there and the cable is still in. */
  isFinishing: boolean
}

const firstSocket: EvseSocket = { evseId: 1, connectorId: 1 }
/** More than any station has; one that invents others is not remembered further. */
const socketsMax = 64
/** A charger runs one at an EVSE; what is older was ended, or lost its end. */
const rememberedMax = 64
/** Prime below 2³¹: numbers stay in what every part of this controller stores. */
const numbers = 2_147_483_629

export class Transactions {
  readonly #identity: ChargePointIdentity
  readonly #byName = new Map<string, Transaction>()
  /** By the number that was sent with the start, for chargers that report it and not the token. */
  readonly #tagsByStart = new Map<number, string>()
  /** By EVSE and connector. */
  readonly #sockets = new Map<string, HeardSocket>()
  #starts = 0

  /** @param sockets those that it is known to have, before it speaks of any */
  constructor(identity: ChargePointIdentity, sockets: readonly EvseSocket[] = [firstSocket]) {
    this.#identity = identity
    for (const { evseId, connectorId } of sockets) this.#socket(evseId, connectorId)
  }

  named(name: string): Transaction {
    const known = this.#byName.get(name)
    if (known !== undefined) return known
    const made: Transaction = {
      name,
      id: transactionNumber(this.#identity, name),
      evse: undefined,
      evseConnector: undefined,
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

  runningAt(evse: ConnectorId, evseConnector: number | undefined): Transaction | undefined {
    return [...this.#byName.values()].findLast(
      (transaction) =>
        transaction.evse === evse &&
        transaction.hasBegun &&
        (transaction.evseConnector ?? evseConnector) === (evseConnector ?? transaction.evseConnector),
    )
  }

  ended(transaction: Transaction): void {
    this.#byName.delete(transaction.name)
    const { evse, evseConnector, hasBegun } = transaction
    if (evse !== undefined && hasBegun) this.#socket(evse, evseConnector).isFinishing = true
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

  /** Every connector that is known or was heard of. */
  sockets(evse?: ConnectorId): readonly EvseSocket[] {
    return [...this.#sockets.values()].filter(({ evseId }) => evse === undefined || evseId === evse)
  }

  /** "Occupied" says only that a cable is plugged: before a session, in one, or after it. */
  plugged(evse: ConnectorId, evseConnector: number | undefined): ConnectorStatus {
    const { status, isFinishing } = this.#socket(evse, evseConnector)
    if (this.runningAt(evse, evseConnector) !== undefined) return status ?? 'Charging'
    return isFinishing ? 'Finishing' : 'Preparing'
  }

  heard(evse: ConnectorId, evseConnector: number | undefined, status: ConnectorStatus): void {
    const socket = this.#socket(evse, evseConnector)
    socket.status = status
    if (status === 'Available') socket.isFinishing = false
  }

  /** Where no connector is named, the first of the EVSE is meant. */
  #socket(evseId: number, connectorId: number | undefined): HeardSocket {
    const named = connectorId ?? this.sockets().find((one) => one.evseId === evseId)?.connectorId ?? 1
    const key = `${evseId} ${named}`
    const known = this.#sockets.get(key)
    if (known !== undefined) return known
    const made: HeardSocket = { evseId, connectorId: named, status: undefined, isFinishing: false }
    if (this.#sockets.size < socketsMax) this.#sockets.set(key, made)
    return made
  }
}

/** The number under which a charger's transaction of this name is known here. */
export function transactionNumber(identity: ChargePointIdentity, name: string): TransactionId {
  const digest = createHash('sha256').update(`${identity}\n${name}`).digest()
  return transactionId(1 + (digest.readUIntBE(0, 6) % numbers))
}
