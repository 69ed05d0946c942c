/**
 * Codes that were shown to a camera, one job each: the kind of the code decides who judges it, and what comes of it is
 * durable before anybody hears of it.
 */

import { limits } from '@/lib/core/limits'
import { refusal, type Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { envelopeFromText, type Envelope } from '@/lib/protocol/envelope'
import { parseMessage } from '@/lib/protocol/message'
import { grant } from '@/lib/protocol/messages/grant'
import { decodeNewsItem, type NewsItem } from '@/lib/protocol/news-item'
import { checkStop } from '../session/phone-stop'
import type { StepUpOrigin } from '../session/step-up'
import { acceptanceFacts, bearerFacts, siteReserveOf } from './facts'
import { certificateAt } from './knowledge'
import type { NewsDesk } from './news-desk'
import { prepareScan, unpinned, type Prepared, type ScanOutcome } from './scan'
import type { Shell } from './shell'
import { prepareVoucher } from './voucher-scan'

export class Scans {
  readonly #shell: Shell
  readonly #news: NewsDesk
  readonly #stepUp: StepUpOrigin
  #waiting = 0

  constructor(shell: Shell, news: NewsDesk, stepUp: StepUpOrigin) {
    this.#shell = shell
    this.#news = news
    this.#stepUp = stepUp
  }

  /** Never rejects for what people can show. */
  async take(connectorId: number, text: string): Promise<ScanOutcome> {
    const { observer } = this.#shell.ports
    observer?.scanStarted?.()
    if (this.#waiting >= limits.scansWaitingMax) return refused(refusal('charger.busy'))
    this.#waiting += 1
    try {
      return await this.#shell.run(() => this.#take(connectorId, text))
    } finally {
      this.#waiting -= 1
      observer?.scanAnswered?.()
    }
  }

  async #take(connectorId: number, text: string): Promise<ScanOutcome> {
    const envelope = envelopeFromText(text)
    if (!envelope.ok) return this.#refuseFor(connectorId, envelope.error)
    switch (envelope.value.kind) {
      case 'stop':
        return this.#stop(connectorId, envelope.value)
      case 'news':
        return this.#hear(connectorId, envelope.value)
      default:
        return this.#answer(connectorId, envelope.value)
    }
  }

  /** Decide, sign, write, answer; in this order, in one job. */
  async #answer(connectorId: number, envelope: Envelope): Promise<ScanOutcome> {
    let prepared: Prepared
    try {
      prepared = await this.#prepare(connectorId, envelope)
    } catch (error) {
      this.#shell.ports.log?.('scan-failed', { detail: String(error) })
      return this.#refuseFor(connectorId, 'charger.controller')
    }
    switch (prepared.kind) {
      case 'known':
        return prepared
      case 'refused':
        return this.#refuse(connectorId, prepared)
      case 'accepted':
        return this.#accept(connectorId, prepared)
    }
  }

  async #prepare(connectorId: number, envelope: Envelope): Promise<Prepared> {
    const shell = this.#shell
    const { books, keys } = shell
    const { random } = shell.ports
    const now = shell.time.now()
    const signerInUse = keys.of(certificateAt(shell.knowledge, now.timeS).payload.key)
    if (envelope.kind !== 'voucher')
      return prepareScan(envelope, acceptanceFacts(shell, this.#stepUp), now, {
        signerFor: (offerHash) => {
          const offer = shell.offers.find(({ hash }) => hash === offerHash)
          return offer === undefined ? signerInUse : keys.of(offer.key)
        },
        random,
        books,
        reserve: siteReserveOf(shell),
        mayPin: shell.allowance.mayPin,
        seenAt: connectorId,
      })
    const connector = shell.connector(connectorId)
    if (connector === undefined) return unpinned(refusal('charger.unplugged'))
    const shown = connector.phase.kind === 'offering' ? connector.phase.offer : undefined
    const signer = shown === undefined ? signerInUse : keys.of(shown.key)
    const facts = bearerFacts(shell, this.#stepUp)
    return prepareVoucher(envelope, now, { facts, connector, books, signer, random })
  }

  async #accept(seenAt: number, prepared: Extract<Prepared, { kind: 'accepted' }>): Promise<ScanOutcome> {
    const { session, event, connectorId, beside } = prepared
    const done = await this.#shell.dispatch(connectorId, { kind: 'accepted', session, event }, beside)
    // Not durable, so it never happened: nothing is signed away, and the phone may show the same code again.
    if (!done.ok) return this.#refuseFor(seenAt, 'charger.storage')
    const { sessionId, answer, stopCode } = session
    return { kind: 'accepted', sessionId, answer, stopCode }
  }

  #refuseFor(connectorId: number, code: ReasonCode): Promise<ScanOutcome> {
    return this.#refuse(connectorId, unpinned(refusal(code)))
  }

  async #refuse(connectorId: number, prepared: Extract<Prepared, { kind: 'refused' }>): Promise<ScanOutcome> {
    const shell = this.#shell
    const shown = {
      refusal: prepared.refusal,
      answer: prepared.answer,
      what: 'answer',
      atS: shell.time.now().timeS,
    } as const
    const done = await shell.dispatch(connectorId, { kind: 'declined', refused: shown }, prepared.beside)
    if (!done.ok) return refused(refusal('charger.storage'))
    if (prepared.answer !== undefined) await this.#noteDecline(prepared)
    return { kind: 'refused', refusal: prepared.refusal, answer: prepared.answer }
  }

  /** Only signed declines count: before one is signed, wallet and grant were verified. */
  async #noteDecline({ refusal: { code }, beside }: Extract<Prepared, { kind: 'refused' }>): Promise<void> {
    const shell = this.#shell
    shell.allowance.pinned()
    const declined = beside?.events?.find((event) => event.kind === 'declined')
    const held = declined === undefined ? undefined : parseMessage(grant, declined.grant)
    if (held?.ok !== true) return
    const { monotonicMs } = shell.time.now()
    const anomaly = shell.anomalies.declined(held.value.payload.serial, code, monotonicMs)
    if (anomaly !== undefined) await shell.write([shell.incident(anomaly.what, anomaly.detail)])
  }

  /** By the wallet that consented, at any camera of this charger. Once it has ended, the receipt is shown instead. */
  async #stop(seenAt: number, { parts }: Envelope): Promise<ScanOutcome> {
    const shell = this.#shell
    const bytes = parts[0] ?? new Uint8Array()
    const checked = checkStop(bytes, (id) => shell.books.session(id), shell.ports.verify)
    if (!checked.ok) return this.#refuseFor(seenAt, checked.error)
    const { stop, row } = checked.value
    const { sessionId } = stop.payload
    if (row.receipt === undefined) {
      const event = { kind: 'phone-stop', sessionId, stop: stop.bytes } as const
      const done = await shell.dispatch(row.connectorId, event)
      if (!done.ok) return this.#refuseFor(seenAt, 'charger.storage')
    }
    const known = shell.books.knownAnswer(sessionId)
    return known?.what === 'receipt' ? { kind: 'known', known } : { kind: 'stopping', sessionId }
  }

  /** A code that holds nothing right is refused; with something in it that counts, each piece is told. */
  async #hear(connectorId: number, { parts }: Envelope): Promise<ScanOutcome> {
    const items: NewsItem[] = []
    for (const part of parts) {
      const item = decodeNewsItem(part)
      if (!item.ok) return this.#refuseFor(connectorId, item.error)
      items.push(item.value)
    }
    const pieces = await this.#news.byCode(items)
    const isAllRefused = pieces.every(({ outcome }) => outcome === 'refused')
    return isAllRefused ? this.#refuseFor(connectorId, 'news.refused') : { kind: 'news', pieces }
  }
}

const refused = (why: Refusal): ScanOutcome => ({ kind: 'refused', refusal: why, answer: undefined })
