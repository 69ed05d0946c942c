/**
 * The controller's counter for letters: which sessions the operator has not heard of, a letter of them, and what became of
 * it. The letter under way stands beside the log, sealed, so that after any restart the same messages go on.
 */

import { toBytes, type Bytes } from '@/lib/core/bytes'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import type { EpochSeconds } from '@/lib/core/units'
import { sealedBytesMore } from '@/lib/crypto/sealing'
import { parseMessage } from '@/lib/protocol/message'
import { authorization } from '@/lib/protocol/messages/authorization'
import { grant } from '@/lib/protocol/messages/grant'
import { offer } from '@/lib/protocol/messages/offer'
import { receipt } from '@/lib/protocol/messages/receipt'
import type { SignedSession } from '@/lib/letter/compact-session'
import { roomIn } from '@/lib/letter/frames'
import { fittingSessions, sealLetter } from '@/lib/letter/letter'
import { metaKeys, rows, type LetterRow, type SessionRow } from '../session/records'
import { meta } from './knowledge'
import type { NewsDesk } from './news-desk'
import type { ParcelKeys } from './ports'
import { known, readRow } from './stored-rows'
import type { Shell } from './shell'

export interface WaitingSession {
  readonly counter: number
  readonly endedAtS: EpochSeconds
  readonly session: SignedSession
}

const nothingTold: LetterRow = { toldCounter: 0 }
const numberBytes = 4

export class LetterPost {
  readonly #shell: Shell
  readonly #news: NewsDesk
  readonly #keys: ParcelKeys

  constructor(shell: Shell, news: NewsDesk, keys: ParcelKeys) {
    this.#shell = shell
    this.#news = news
    this.#keys = keys
  }

  get nowS(): EpochSeconds {
    return this.#shell.time.now().timeS
  }

  /** When the issuer was last heard of, by any road and before any restart. */
  get heardS(): EpochSeconds | undefined {
    return this.#shell.time.agreedAtS
  }

  get state(): LetterRow {
    const { journal } = this.#shell.ports
    return known(readRow(journal, 'meta', metaKeys.letter, rows.letter.decode)) ?? nothingTold
  }

  /** The oldest first. Sessions by cards have no wallet's consent and wait for the log. */
  waiting(): readonly WaitingSession[] {
    return this.#shell.books.untold.flatMap(({ id, counter }) => {
      const row = this.#shell.books.session(id)
      const session = row && signedSession(row)
      return session === undefined || row?.endedAtS === undefined
        ? []
        : [{ counter, endedAtS: row.endedAtS, session }]
    })
  }

  /**
   * Seals as many of the untold sessions as `messagesMax` messages carry, and writes the letter down before any of it goes.
   * Refuses with `parcel.no-key` while there is no key to seal to, `charger.storage`.
   */
  async begin(messageBytesMax: number, messagesMax: number): Promise<Result<void, ReasonCode>> {
    const { sealingKey } = this.#shell.knowledge.trustList.payload
    if (sealingKey === undefined) return err('parcel.no-key')
    const { toldCounter } = this.state
    const untold = this.waiting().filter(({ counter }) => counter > toldCounter)
    const bytesMax = roomIn(messagesMax, messageBytesMax)
    const sessions = fittingSessions(
      untold.map(({ session }) => session),
      { bytesMax, sealMoreBytes: sealedBytesMore },
    )
    if (sessions.length === 0) return ok(undefined)
    const { bytes, answerKey } = await sealLetter(sessions, sealingKey, this.#keys.seal)
    const number = this.#shell.ports.random.bytes(numberBytes)
    return this.keep({
      toldCounter,
      underWay: {
        letter: new DataView(number.buffer).getUint32(0),
        counters: untold.slice(0, sessions.length).map(({ counter }) => counter),
        ...{ sealed: bytes, answerKey, messageBytesMax, sentParts: 0 },
      },
    })
  }

  /** Durable when it is ok; refuses with `charger.storage`. */
  keep(state: LetterRow): Promise<Result<void, ReasonCode>> {
    return this.#shell.run(async () => {
      const written = await this.#shell.write([], [meta(metaKeys.letter, rows.letter.encode(state))])
      return written.ok ? ok(undefined) : err(written.error.code)
    })
  }

  /** News that lay in an answer; each is verified as if a phone had brought it. */
  async hear(revocationDeltas: readonly Bytes[]): Promise<void> {
    await this.#shell.run(() => this.#news.byCarrier({ revocationDeltas }, undefined, false))
  }
}

function signedSession(row: SessionRow): SignedSession | undefined {
  const { offer: offered, authorization: consent, receipt: bill, grant: given, serial } = row
  if (consent === undefined || bill === undefined || given === undefined) return undefined
  const parsed = [
    parseMessage(offer, toBytes(offered)),
    parseMessage(authorization, toBytes(consent)),
    parseMessage(receipt, toBytes(bill)),
    parseMessage(grant, toBytes(given)),
  ] as const
  const [own, wallet, last, credit] = parsed
  return own.ok && wallet.ok && last.ok && credit.ok
    ? {
        serial,
        grantHash: credit.value.hash,
        offer: own.value,
        authorization: wallet.value,
        receipt: last.value,
      }
    : undefined
}
