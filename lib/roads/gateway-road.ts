/**
 * The road by the site's gateway, which has the one uplink of the yard (ADR 0049). While that is up, a bundle goes out and
 * its answer comes back in one exchange, as by the charger's own road. While it is down the gateway keeps the whole
 * backlog in pieces that stay the same, and the charger asks again later. The gateway is a carrier like any other: it reads
 * nothing, and what it loses is handed over again, because only the operator's acknowledgement moves a charger on. Where
 * the gateway brings no answer and the charger has a road of its own, that one is tried.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { ParcelId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import type { GatewayLine } from './gateway-line'
import type { GatewayCall, GatewayReply, ParcelFate } from './gateway-messages'
import { decodeAnswer } from './parcel-answer'
import type { SeqRange } from '@/lib/sync/held-ranges'
import type { PackedParcel, ParcelOrder } from './parcel-desk'
import type { Road, RoadFault, RoadNews } from './road'
import type { SealedBundle } from './seal-bundle'
import type { UploadFault } from './upload'

/** The charger's counter for its gateway. */
export interface GatewayCounter {
  readonly log: { readonly epoch: number; readonly acknowledgedSize: number; readonly size: number }
  seal(bundle: Bytes): Promise<Result<SealedBundle, UploadFault>>
  pack(order: Omit<ParcelOrder, 'nowS'>): Promise<Result<readonly PackedParcel[], UploadFault>>
  /** Of an earlier parcel. */
  take(answer: Uint8Array): Promise<Result<unknown, UploadFault>>
}

export interface GatewayRoadParts {
  readonly line: Pick<GatewayLine, 'exchange'>
  /** Undefined until the controller is there. */
  readonly counter: () => GatewayCounter | undefined
  /** The charger's own road, where it has one. */
  readonly direct: Road
}

/** How long the gateway may wait for the uplink before it says that it keeps the parcel. */
const waitMs = 8_000
const pieceEventsMax = 64
/** Pieces handed over in one attempt; the next goes on. */
const piecesMax = 32
/** Rounds in which waiting answers are fetched. */
const answerRoundsMax = 16
const lifetimeH = 60 * 24

/** Whoever reads one of these knows that no cloud has spoken. */
const noAnswer: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  ...(['api.unreachable', 'api.rate-limited', 'parcel.no-key', 'parcel.key', 'parcel.unreadable'] as const),
  ...(['gateway.kept', 'gateway.full', 'gateway.pin', 'gateway.stranger'] as const),
])

export class GatewayRoad implements Road {
  readonly name = 'gateway'
  readonly #parts: GatewayRoadParts
  /** What the gateway may forget, told with the next call. */
  #taken: ParcelId[] = []
  #handed: { readonly id: ParcelId; readonly range: SeqRange }[] = []
  #epoch = 0
  /** What it keeps of bundles that it could not send at once; the pieces make them superfluous. */
  #loose: ParcelId[] = []
  #isUplinkDown = false
  #isUnderWay = false

  constructor(parts: GatewayRoadParts) {
    this.#parts = parts
  }

  async send(bundle: Bytes): Promise<Result<RoadNews, RoadFault>> {
    const counter = this.#parts.counter()
    if (counter === undefined || this.#isUnderWay) return this.#parts.direct.send(bundle)
    this.#isUnderWay = true
    try {
      const answered = await this.#byGateway(counter, bundle)
      if (answered.ok || !noAnswer.has(answered.error.code)) return answered
      const direct = await this.#parts.direct.send(bundle)
      return direct.ok || direct.error.code !== 'api.unreachable' ? direct : answered
    } finally {
      this.#isUnderWay = false
    }
  }

  async #byGateway(counter: GatewayCounter, bundle: Bytes): Promise<Result<RoadNews, RoadFault>> {
    const sealed = await counter.seal(bundle)
    if (!sealed.ok) return sealed
    let heard: GatewayReply | undefined
    if (this.#isUplinkDown) {
      const looked = await this.#call(counter, {})
      if (!looked.ok) return looked
      heard = looked.value
    }
    if (heard === undefined || heard.uplink === 'up') {
      const live = await this.#live(counter, sealed.value)
      if (!live.ok || 'news' in live.value)
        return live.ok && 'news' in live.value ? live.value.news : asFault(live)
      heard = live.value.heard
    }
    return this.#handOver(counter, heard)
  }

  /** One exchange: the bundle out, and its answer back while the uplink is up. */
  async #live(counter: GatewayCounter, sealed: SealedBundle): Promise<Result<Live, RoadFault>> {
    const answers: Uint8Array[] = []
    const call = { parcel: sealed.bytes, waitMs }
    const asked = await this.#call(counter, call, (answer) => {
      if (idOf(answer) !== sealed.id) return false
      answers.push(answer)
      return true
    })
    if (!asked.ok) return asked
    const [answer] = answers
    if (answer !== undefined) {
      const news = await sealed.open(answer)
      this.#taken.push(sealed.id)
      return ok({ news })
    }
    const refused = refusedFate(asked.value.fate)
    if (refused !== undefined) return err(refused)
    this.#loose.push(sealed.id)
    return ok({ heard: asked.value })
  }

  /** What the gateway does not keep yet, in pieces that are the same whenever they are cut. */
  async #handOver(counter: GatewayCounter, first: GatewayReply): Promise<Result<never, RoadFault>> {
    let held = new Set(first.held)
    this.#loose = this.#loose.filter((id) => held.has(id))
    let at = this.#resumeAt(counter, held)
    const isAllThere = at >= counter.log.size && (this.#handed.length > 0 || this.#loose.length > 0)
    for (let count = 0; count < piecesMax && !isAllThere; count += 1) {
      const order = { bytesMax: limits.parcelBytesMax, countMax: 1, eventsMax: pieceEventsMax, lifetimeH }
      const packed = await counter.pack({ ...order, fromSeq: at })
      if (!packed.ok) return packed
      const [piece] = packed.value
      if (piece === undefined) break
      const { id } = piece.parcel.label
      // The last piece grows with the log: the one before it is worth nothing any more.
      const outgrown = this.#handed.filter((one) => one.range.from === piece.range.from && one.id !== id)
      const withdrawn = [...outgrown.map((one) => one.id), ...this.#loose]
      const asked = held.has(id)
        ? ok(undefined)
        : await this.#call(counter, { parcel: piece.bytes, withdrawn })
      if (!asked.ok) return asked
      const refused = asked.value && refusedFate(asked.value.fate)
      if (refused?.code === 'gateway.full') return err(refused)
      held = new Set(asked.value?.held ?? held)
      this.#loose = this.#loose.filter((one) => held.has(one))
      this.#handed = this.#handed.filter((one) => !outgrown.includes(one))
      this.#handed.push({ id, range: piece.range })
      at = piece.range.to
      if (at >= counter.log.size) break
    }
    // Where every piece was there already nothing has said so yet.
    if (this.#loose.length > 0 && this.#handed.length > 0) {
      const asked = await this.#call(counter, { withdrawn: this.#loose })
      if (!asked.ok) return asked
      this.#loose = []
    }
    return err(kept)
  }

  /** Where handing over goes on: at the first piece that is neither kept there nor acknowledged. */
  #resumeAt({ log }: GatewayCounter, held: ReadonlySet<ParcelId>): number {
    if (log.epoch !== this.#epoch) this.#handed = []
    this.#epoch = log.epoch
    this.#handed = this.#handed.filter(
      ({ range, id }) => range.to > log.acknowledgedSize || (isBare(range) && held.has(id)),
    )
    const lost = this.#handed.findIndex(({ id }) => !held.has(id))
    if (lost >= 0) this.#handed = this.#handed.slice(0, lost)
    const next = this.#handed.at(-1)?.range.to ?? log.acknowledgedSize
    // The last piece is cut again once the log has grown, and then ends later.
    const last = this.#handed.at(-1)
    const isPartial = last !== undefined && !isBare(last.range) && last.range.to % pieceEventsMax !== 0
    return isPartial && last.range.to < log.size ? last.range.from : Math.max(next, log.acknowledgedSize)
  }

  /** One call, and as many more as waiting answers need. @param claims whether an answer is somebody else's to open */
  async #call(
    counter: GatewayCounter,
    call: Partial<GatewayCall>,
    claims: (answer: Uint8Array) => boolean = () => false,
  ): Promise<Result<GatewayReply, RoadFault>> {
    const asked = await this.#exchange(call)
    if (!asked.ok) return asked
    let reply = asked.value
    for (let round = 0; round < answerRoundsMax && reply.answers.length > 0; round += 1) {
      const known = this.#taken.length
      for (const answer of reply.answers) if (!claims(answer)) await this.#takeIn(counter, answer)
      if (this.#taken.length === known || reply.answers.length < limits.gatewayAnswersPerExchangeMax) break
      const more = await this.#exchange({})
      if (!more.ok) break
      reply = more.value
    }
    return ok({ ...asked.value, held: reply.held })
  }

  async #exchange(call: Partial<GatewayCall>): Promise<Result<GatewayReply, RoadFault>> {
    const taken = this.#taken.slice(0, limits.gatewayAnswersPerChargerMax)
    const asked = await this.#parts.line.exchange({ taken, withdrawn: [], ...call })
    this.#isUplinkDown = asked.ok && asked.value.uplink !== 'up'
    if (asked.ok) this.#taken = this.#taken.filter((id) => !taken.includes(id))
    return asked
  }

  /** An answer that this disk could not take in stays where it is and comes again. */
  async #takeIn(counter: GatewayCounter, answer: Uint8Array): Promise<void> {
    const id = idOf(answer)
    const taken = await counter.take(answer)
    if (id !== undefined && (taken.ok || taken.error.code !== 'charger.storage')) this.#taken.push(id)
  }
}

type Live = { readonly news: Result<RoadNews, RoadFault> } | { readonly heard: GatewayReply }

const asFault = (live: Result<Live, RoadFault>): Result<never, RoadFault> => (live.ok ? err(kept) : live)

const kept: RoadFault = { code: 'gateway.kept', detail: 'The gateway keeps it until its uplink is back' }

function idOf(answer: Uint8Array): ParcelId | undefined {
  const decoded = decodeAnswer(answer)
  return decoded.ok ? decoded.value.label.id : undefined
}

const isBare = ({ from, to }: SeqRange): boolean => from === to

const fates: Readonly<Record<ParcelFate, RoadFault | undefined>> = {
  none: undefined,
  kept: undefined,
  answered: undefined,
  full: { code: 'gateway.full', detail: 'The gateway has no room for it' },
  unreadable: { code: 'parcel.unreadable', detail: 'The gateway cannot read the label of the parcel' },
  refused: { code: 'parcel.key', detail: 'The operator does not take the parcel' },
}

const refusedFate = (fate: ParcelFate): RoadFault | undefined => fates[fate]
