/**
 * The roads of a world. A charger's link comes and goes; what it sends may be lost, doubled, cut short, damaged, or
 * taken along by somebody who delivers it months later. Phones have a network when they are at home, with the same
 * mishaps. Nothing here knows what it carries.
 */

import { toBytes, type Bytes } from '@/lib/core/bytes'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { Road, RoadFault, RoadNews } from '@/lib/roads/road'
import type {
  ClaimOrder,
  CloudPort,
  GrantNews,
  GrantOrder,
  RenewOrder,
  ReportedChain,
} from '@/lib/wallet/cloud-port'
import { parseMessage, signMessage } from '@/lib/protocol/message'
import { acknowledgement } from '@/lib/protocol/messages/acknowledgement'
import { close as closeMessage } from '@/lib/protocol/messages/close'
import { decodeBundle } from '@/lib/sync/bundle'
import type { Dice } from './dice'
import { signerNamed } from './keys'
import { worldFleet } from './place'
import { bytesOf } from './sync-words'
import type { Trace } from './trace'
import { CloudCrash, type WorldCloud } from './world-cloud'

export type Upload =
  | { readonly kind: 'bundle'; readonly bytes: Bytes }
  | { readonly kind: 'report'; readonly chains: readonly ReportedChain[] }

export interface Parcel {
  readonly upload: Upload
  readonly from: string
}

type Mishap = 'none' | 'drop' | 'drop-answer' | 'duplicate' | 'delay' | 'truncate' | 'flip' | 'flip-answer'
const mishaps: readonly Mishap[] = [
  'drop',
  'drop-answer',
  'duplicate',
  'delay',
  'truncate',
  'flip',
  'flip-answer',
]

/** Older parcels fall off: a courier's bag is not endless. */
const parcelsMax = 24
/** For playing everything once more at the end. */
const uploadsMax = 400

export class Links {
  readonly #cloud: WorldCloud
  readonly #dice: Dice
  readonly #trace: Trace
  /** Share of transmissions that go wrong; 0 once the world heals. */
  mishapShare: number
  /** What arrived whole and was taken in. */
  readonly uploads: Upload[] = []
  readonly parcels: Parcel[] = []
  /** Chargers whose link is up. */
  readonly up = new Set<string>()
  /** News that a courier took along for a charger. */
  readonly #mailboxes = new Map<string, RoadNews>()

  constructor(cloud: WorldCloud, dice: Dice, trace: Trace, mishapShare: number) {
    this.#cloud = cloud
    this.#dice = dice
    this.#trace = trace
    this.mishapShare = mishapShare
  }

  /** A phone at the charger that carries bundles there and news back. */
  courierAt: string | undefined

  /** A charger whose next bundle is answered by somebody who has only listened. */
  impostorAt: string | undefined

  roadOf(charger: string): Road {
    return { name: 'world', send: (bundle) => this.#send(charger, bundle) }
  }

  /** Delivers one parcel, perhaps to be delivered once more. */
  async arrive(index: number): Promise<void> {
    const parcel = this.parcels[index]
    if (parcel === undefined) return
    const isKept = this.mishapShare > 0 && this.#dice.chance(0.3)
    if (!isKept) this.parcels.splice(index, 1)
    const answer = await this.deliver(parcel.upload)
    if (parcel.upload.kind !== 'bundle' || answer === undefined) return
    this.#mailboxes.set(parcel.from, answer)
  }

  /** Undefined where nobody answered or the answer is a refusal. */
  async deliver(upload: Upload): Promise<RoadNews | undefined> {
    try {
      if (upload.kind === 'bundle') {
        const answer = await this.#receive(upload.bytes)
        return answer.ok ? answer.value : undefined
      }
      await this.#takeReport(upload.chains)
    } catch (error) {
      if (!(error instanceof CloudCrash)) throw error
      this.#trace.note('the cloud crashes')
    }
    return undefined
  }

  /** As it is, and with the whole answer. */
  tell(bundle: Bytes): Promise<Result<RoadNews, RoadFault>> {
    return this.#receive(bundle)
  }

  async #send(charger: string, bundle: Bytes): Promise<Result<RoadNews, RoadFault>> {
    if (this.impostorAt === charger) {
      this.impostorAt = undefined
      const forged = await forgedAcknowledgement(bundle)
      return forged === undefined ? unreachable : ok({ acknowledgement: forged })
    }
    if (!this.up.has(charger)) {
      if (this.courierAt !== charger) return unreachable
      this.#delay({ upload: { kind: 'bundle', bytes: bundle }, from: charger })
      const mail = this.#mailboxes.get(charger)
      this.#mailboxes.delete(charger)
      return mail === undefined ? unreachable : ok(mail)
    }
    const mishap = this.#draw()
    if (mishap !== 'none') this.#trace.note(`${charger}'s bundle: ${mishap}`)
    switch (mishap) {
      case 'none':
        return this.#receive(bundle)
      case 'drop':
        return unreachable
      case 'drop-answer':
        await this.#receive(bundle)
        return unreachable
      case 'duplicate':
        await this.#receive(bundle)
        return this.#receive(bundle)
      case 'delay':
        this.#delay({ upload: { kind: 'bundle', bytes: bundle }, from: charger })
        return unreachable
      case 'truncate':
        return this.#receive(toBytes(bundle.subarray(0, this.#dice.below(bundle.length))))
      case 'flip':
        return this.#receive(this.flipped(bundle))
      case 'flip-answer': {
        const answer = await this.#receive(bundle)
        if (!answer.ok) return answer
        return ok({ ...answer.value, acknowledgement: this.flipped(answer.value.acknowledgement) })
      }
    }
  }

  /** A phone's way to the cloud; `accountId` is who is signed in on it. */
  portOf(phone: string, accountId: string): CloudPort {
    const cloud = this.#cloud
    const answered = <T>(use: () => Promise<Result<T, Refusal>>): Promise<Result<T, Refusal>> =>
      this.#answered(phone, use)
    const unused = (): Promise<Result<never, Refusal>> => Promise.resolve(err(refusal('api.not-found')))
    const port = {
      trust: () => answered(async () => ok(await cloud.trust())),
      report: (chains: readonly ReportedChain[]) => this.#report(phone, chains),
      account: () => answered(async () => ok(await cloud.account(accountId))),
      requestGrant: (order: GrantOrder) =>
        answered(() => this.#issued(`wallet:${accountId}`, cloud.requestGrant(accountId, order), undefined)),
      renew: (order: RenewOrder) =>
        answered(() => this.#issued(`wallet:${accountId}`, cloud.renew(accountId, order), order.close)),
      time: (offerNonce: string) => answered(() => cloud.signTime(offerNonce)),
      claim: (order: ClaimOrder) =>
        answered(() => this.#issued(`fleet:${worldFleet}`, cloud.claim(order), undefined)),
      topUp: unused,
      registerOptions: unused,
      registerVerify: unused,
      signInOptions: unused,
      signInVerify: unused,
      signOut: unused,
    }
    return port
  }

  /** The cloud has signed a grant for this account, perhaps in exchange for another; whoever asked may never hear. */
  onGrant: (owner: string, grant: Bytes, closed: string | undefined) => void = () => undefined

  async #issued<News extends GrantNews>(
    owner: string,
    asked: Promise<Result<News, Refusal>>,
    close: string | undefined,
  ): Promise<Result<News, Refusal>> {
    const issued = await asked
    const parsed = close === undefined ? undefined : parseMessage(closeMessage, bytesOf(close))
    const closed = parsed?.ok === true ? parsed.value.payload.serial : undefined
    if (issued.ok) this.onGrant(owner, bytesOf(issued.value.grant), closed)
    return issued
  }

  /** One bit of it is another one now. */
  flipped(bytes: Bytes): Bytes {
    const copy = toBytes(bytes)
    const at = this.#dice.below(copy.length)
    copy[at] = (copy[at] ?? 0) ^ (1 << this.#dice.below(8))
    return copy
  }

  async #report(phone: string, chains: readonly ReportedChain[]): ReturnType<CloudPort['report']> {
    const upload: Upload = { kind: 'report', chains }
    const mishap = this.#draw()
    if (mishap !== 'none') this.#trace.note(`${phone}'s report: ${mishap}`)
    const send = (what = chains) => this.#answered(phone, () => this.#takeReport(what), 'none')
    switch (mishap) {
      case 'none':
        return send()
      case 'drop':
      case 'truncate':
        return unreached
      case 'drop-answer':
      case 'flip-answer':
        await send()
        return unreached
      case 'duplicate':
        await send()
        return send()
      case 'delay':
        this.#delay({ upload, from: phone })
        return unreached
      case 'flip':
        return send(this.#damaged(chains))
    }
  }

  /** A phone that drops a part of what it should tell, or tells it damaged. */
  #damaged(chains: readonly ReportedChain[]): readonly ReportedChain[] {
    return chains.map((chain) => {
      const { authorizations, receipts } = chain
      const lost = this.#dice.below(authorizations.length + 1)
      return {
        ...chain,
        authorizations: authorizations.filter((_one, index) => index !== lost),
        receipts: receipts.map((one) => ({
          ...one,
          offer: this.#dice.chance(0.5) ? one.offer : one.receipt,
        })),
      }
    })
  }

  /** `api.unreachable` where the cloud died or the answer was lost. */
  async #answered<T>(
    phone: string,
    use: () => Promise<Result<T, Refusal>>,
    mishap = this.#draw(),
  ): Promise<Result<T, Refusal>> {
    if (mishap === 'drop') return unreached
    try {
      const answer = await use()
      if (mishap === 'drop-answer') {
        this.#trace.note(`an answer to ${phone} is lost`)
        return unreached
      }
      return answer
    } catch (error) {
      if (!(error instanceof CloudCrash)) throw error
      this.#trace.note(`the cloud crashes on ${phone}`)
      return unreached
    }
  }

  async #receive(bundle: Bytes): Promise<Result<RoadNews, RoadFault>> {
    try {
      const answer = await this.#cloud.receiveBundle(bundle)
      if (answer.ok) this.#keep({ kind: 'bundle', bytes: bundle })
      return answer
    } catch (error) {
      if (!(error instanceof CloudCrash)) throw error
      this.#trace.note('the cloud crashes on a bundle')
      return unreachable
    }
  }

  async #takeReport(chains: readonly ReportedChain[]): ReturnType<CloudPort['report']> {
    const answer = await this.#cloud.receiveReport(chains)
    if (answer.ok) this.#keep({ kind: 'report', chains })
    return answer
  }

  #draw(): Mishap {
    return this.mishapShare > 0 && this.#dice.chance(this.mishapShare) ? this.#dice.pick(mishaps) : 'none'
  }

  #keep(upload: Upload): void {
    if (this.uploads.length < uploadsMax) this.uploads.push(upload)
  }

  #delay(parcel: Parcel): void {
    if (this.parcels.length >= parcelsMax) this.parcels.shift()
    this.parcels.push(parcel)
  }
}

/** Says that all of it is held, in a hand that nobody trusts. */
async function forgedAcknowledgement(bundle: Bytes): Promise<Bytes | undefined> {
  const decoded = decodeBundle(bundle)
  if (!decoded.ok) return undefined
  const signed = await signMessage(acknowledgement, decoded.value.checkpoint.payload, signerNamed('impostor'))
  return signed.bytes
}

const unreachable: Result<never, RoadFault> = err({ code: 'api.unreachable', detail: 'No answer' })
const unreached: Result<never, Refusal> = err(refusal('api.unreachable'))
