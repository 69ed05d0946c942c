/**
 * What truly happened, kept apart from everything that the product keeps: who consented to what, what every charger
 * wrote down for good, and how much energy flowed for whom.
 */

import type { WorldCharger } from './world-charger'
import type { WorldPhone } from './world-phone'
import { short, type Trace } from './trace'
import type { Bytes } from '@/lib/core/bytes'
import { equalBytes, toHex } from '@/lib/core/bytes'
import { envelopeFromText } from '@/lib/protocol/envelope'
import { decodeJournalEvent } from '@/lib/protocol/journal-event'
import { parseMessage, type ParsedMessage } from '@/lib/protocol/message'
import { answer } from '@/lib/protocol/messages/answer'
import { authorization, type Authorization } from '@/lib/protocol/messages/authorization'
import { grant, type Grant } from '@/lib/protocol/messages/grant'
import { offer, type Offer } from '@/lib/protocol/messages/offer'
import { receipt, type Receipt } from '@/lib/protocol/messages/receipt'
import { CardTruth } from './card-truth'
import { chainsOn } from './phone-records'

/** What the holder of a key signed. */
export interface Consented {
  readonly sessionId: string
  readonly serial: string
  readonly accountId: string
  readonly payload: Authorization
  readonly grant: Grant
  /** By the account's own phone, whose wallet keeps the rules; not by a clone or a thief. */
  readonly isHonest: boolean
}

/** Where something stands in whose log. */
export interface Place {
  readonly chargerId: string
  readonly epoch: number
  readonly seq: number
}

export interface TrueAccept extends Place {
  readonly sessionId: string
  readonly offer: Offer
  readonly offerHash: string
}

export interface TrueFinal extends Place {
  readonly sessionId: string
  /** Of the receipt; a decline's is empty. */
  readonly hash: string
  readonly kind: 'receipt' | 'decline'
  /** Of a decline. */
  readonly verdict: string | undefined
  readonly totalMinor: number
  readonly receipt: Receipt | undefined
}

export interface TrueRaise {
  readonly serial: string
  readonly chargerId: string
  readonly maximumMinor: number
  readonly notAfterS: number
}

export interface Flow {
  readonly tag: string
  readonly chargerId: string
  readonly startWh: number
  stopWh: number | undefined
}

/** What an honest wallet, or whoever showed a card, let a charger hold. */
export interface Allowed {
  readonly sessionId: string
  readonly serial: string
  readonly holdMinor: number
  readonly offerHash: string
}

/** Events of a log that say what came of a session. */
const telling: ReadonlySet<string> = new Set(['accepted', 'bearer-accepted', 'ended', 'declined'])

export class Truth {
  readonly #trace: Trace
  readonly consents = new Map<string, Consented>()
  readonly accepts: TrueAccept[] = []
  readonly finals: TrueFinal[] = []
  readonly flows: Flow[] = []
  /** Paid in by card, by the owner's account in the books. */
  readonly paidIn = new Map<string, number>()
  /** Whose credit stands behind each grant, as an account in the books. */
  readonly owners = new Map<string, string>()
  /** Authorizations that their owner's passkey has confirmed. */
  readonly confirmed = new Set<string>()
  /** What guests have set aside on their cards, by payment. */
  readonly guests = new Map<string, { readonly holdMinor: number; readonly serial: string }>()
  /** Raised caps that the issuer has signed. */
  readonly raises: TrueRaise[] = []
  readonly cards = new CardTruth()
  /** Whose key has told the cloud two logs of one epoch, and heard that it has. */
  readonly forkedDevices = new Set<string>()
  readonly #overwritten = new WeakSet<Place>()
  readonly #read = new WeakMap<WorldCharger, { epoch: number; size: number }>()
  /** Two machines write under one name: what either does from now on may be in the cloud's log or in none. */
  readonly #cloned = new Set<string>()
  readonly #bySeq = new Map<string, string>()
  readonly #lookedAt = new WeakMap<WorldPhone, number>()
  /** What each device's key has signed as its root, by epoch and size. */
  readonly #roots = new Map<string, Set<string>>()
  onAccept: (accept: TrueAccept, charger: WorldCharger) => void = () => undefined
  onFinal: (final: TrueFinal, charger: WorldCharger) => void = () => undefined

  constructor(trace: Trace) {
    this.#trace = trace
  }

  consent(
    authorizationBytes: Uint8Array,
    grantBytes: Uint8Array,
    accountId: string,
    isHonest: boolean,
  ): void {
    const signed = parseMessage(authorization, authorizationBytes)
    const granted = parseMessage(grant, grantBytes)
    if (!signed.ok || !granted.ok) throw new Error('A wallet of the world signs well-formed messages')
    const { hash, payload } = signed.value
    const known = this.consents.get(hash)
    if (known !== undefined) return
    const { serial } = granted.value.payload
    if (isHonest) {
      const place = `${serial} ${payload.seq}`
      const other = this.#bySeq.get(place)
      if (other !== undefined && other !== hash)
        this.#trace.violate('one payload for one seq', `${serial} seq ${payload.seq}`)
      this.#bySeq.set(place, hash)
    }
    this.consents.set(hash, {
      sessionId: hash,
      serial,
      accountId,
      payload,
      grant: granted.value.payload,
      isHonest,
    })
  }

  /** Undefined where nobody has shown anything. */
  allowed(sessionId: string): Allowed | undefined {
    const consent = this.consents.get(sessionId)
    if (consent === undefined) return this.cards.sessions.get(sessionId)
    const { serial, payload } = consent
    return { sessionId, serial, holdMinor: payload.holdMinor, offerHash: payload.offerHash }
  }

  /** Reads what a phone has got for good since the last look. */
  lookAtPhone(phone: WorldPhone): void {
    if (this.#lookedAt.get(phone) === phone.disk.revision) return
    this.#lookedAt.set(phone, phone.disk.revision)
    for (const chain of chainsOn(phone.disk)) {
      for (const { signed, sessionId } of chain.entries) {
        if (signed !== null && !this.consents.has(sessionId))
          this.consent(signed, chain.grant.bytes, phone.accountId, phone.isHonest)
      }
    }
  }

  /** A code that stood on a screen must be on the phone's disk: else a crash lets its seq be used again. */
  shown(text: string, phone: WorldPhone): void {
    const envelope = envelopeFromText(text)
    const [bytes, grantBytes] = envelope.ok ? envelope.value.parts : []
    if (bytes === undefined || grantBytes === undefined) throw new Error('A wallet shows codes of ours')
    this.consent(bytes, grantBytes, phone.accountId, phone.isHonest)
    const isKept = chainsOn(phone.disk).some(({ entries }) =>
      entries.some(({ signed }) => signed !== null && equalBytes(signed, bytes)),
    )
    if (!isKept) this.#trace.violate('shown means durable on the phone', phone.name)
  }

  /** Reads what a charger's disk has got since the last look. */
  lookAtCharger(charger: WorldCharger): void {
    const head = charger.disk.head
    if (head === undefined) return
    for (const { epoch, size, root } of charger.disk.takeHeads())
      this.signedRoot(charger.id, epoch, size, toHex(root))
    const known = this.#read.get(charger) ?? { epoch: head.epoch, size: 0 }
    const from = known.epoch === head.epoch && known.size <= head.size ? known.size : 0
    for (let seq = from; seq < head.size; seq += 1) {
      const event = charger.disk.event(head.epoch, seq)
      if (event !== undefined) this.#takeEvent(charger, event, head.epoch, seq)
    }
    this.#read.set(charger, { epoch: head.epoch, size: head.size })
  }

  signedRoot(device: string, epoch: number, size: number, root: string): void {
    const place = `${device} ${epoch} ${size}`
    const known = this.#roots.get(place)
    if (known === undefined) this.#roots.set(place, new Set([root]))
    else known.add(root)
  }

  /** Undefined where the world has not seen the log at that size. */
  rootsOf(device: string, epoch: number, size: number): ReadonlySet<string> | undefined {
    return this.#roots.get(`${device} ${epoch} ${size}`)
  }

  /** A last word that a stolen key signed: no charger's disk knows it. */
  rogueFinal(final: TrueFinal): void {
    this.finals.push(final)
  }

  /** The disk is put back to where its log was shorter: what stood beyond is on it no more. */
  lostTail(charger: WorldCharger, epoch: number, size: number, isHeld: (place: Place) => boolean): void {
    for (const one of [...this.finals, ...this.accepts]) {
      const isBeyond = one.chargerId === charger.id && (one.epoch > epoch || one.seq >= size)
      if (isBeyond && !isHeld(one)) this.#overwritten.add(one)
    }
  }

  /** Another event may stand in its place of the log by now. */
  isOverwritten = (one: Place): boolean => this.#overwritten.has(one)

  /** From now on two machines go by this name; what is in the cloud's log already stays there. */
  cloned(id: string): void {
    this.#cloned.add(id)
  }

  /** Once more from the beginning: the disk is another one. */
  forgetReading(charger: WorldCharger): void {
    this.#read.delete(charger)
  }

  #takeEvent(
    charger: WorldCharger,
    stored: { readonly kind: string; readonly payload: Bytes },
    epoch: number,
    seq: number,
  ): void {
    if (!telling.has(stored.kind)) return
    const decoded = decodeJournalEvent(stored.payload)
    if (!decoded.ok) throw new Error('A journal holds events of ours')
    const event = decoded.value
    const place = { chargerId: charger.id as string, epoch, seq }
    if (event.kind === 'accepted') {
      const signed = parseMessage(authorization, event.authorization)
      const offered = parseMessage(offer, event.offer)
      if (!signed.ok || !offered.ok) throw new Error('A journal holds messages of ours')
      this.#accept(place, signed.value.hash, signed.value.payload.holdMinor, offered.value, charger)
    } else if (event.kind === 'bearer-accepted') {
      const offered = parseMessage(offer, event.offer)
      if (!offered.ok) throw new Error('A journal holds messages of ours')
      const { sessionId, holdMinor } = this.cards.begun(event.record, event.voucher, offered.value.hash)
      this.#accept(place, sessionId, holdMinor, offered.value, charger)
    } else if (event.kind === 'ended') {
      const signed = parseMessage(receipt, event.receipt)
      if (!signed.ok) throw new Error('A journal holds receipts of ours')
      const { payload, hash } = signed.value
      const { sessionId, totalMinor } = payload
      this.#final(
        { ...place, sessionId, kind: 'receipt', hash, totalMinor, receipt: payload, verdict: undefined },
        charger,
      )
    } else if (event.kind === 'declined') {
      const signed = parseMessage(answer, event.answer)
      if (!signed.ok) throw new Error('A journal holds answers of ours')
      const { sessionId, verdict } = signed.value.payload
      this.#trace.note(`${charger.id} declined ${short(sessionId)}: ${verdict}`)
      this.#final(
        { ...place, sessionId, kind: 'decline', hash: '', totalMinor: 0, receipt: undefined, verdict },
        charger,
      )
    }
  }

  #accept(
    place: Place,
    sessionId: string,
    holdMinor: number,
    offered: ParsedMessage<Offer>,
    charger: WorldCharger,
  ): void {
    if (this.accepts.some((one) => one.sessionId === sessionId && one.chargerId === charger.id)) return
    const accept = { ...place, sessionId, offer: offered.payload, offerHash: offered.hash }
    this.accepts.push(accept)
    if (this.#cloned.has(charger.id)) this.#overwritten.add(accept)
    this.#trace.note(`${charger.id} accepted ${short(sessionId)} for ${holdMinor}`)
    this.onAccept(accept, charger)
  }

  #final(final: TrueFinal, charger: WorldCharger): void {
    const isKnown = this.finals.some(
      ({ sessionId, hash, chargerId }) =>
        sessionId === final.sessionId && hash === final.hash && chargerId === final.chargerId,
    )
    if (isKnown) return
    this.finals.push(final)
    if (this.#cloned.has(charger.id)) this.#overwritten.add(final)
    if (final.kind === 'receipt')
      this.#trace.note(`${charger.id} ended ${short(final.sessionId)} with ${final.totalMinor}`)
    this.onFinal(final, charger)
  }
}
