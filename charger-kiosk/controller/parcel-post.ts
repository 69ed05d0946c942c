/**
 * The controller's counter for carriers: sealed pieces of its log out, answers in. An answer counts like one that came by
 * the charger's own road, but for the time: it may have been on its way for weeks.
 */

import { err, ok, type Result } from '@/lib/core/result'
import { parseMessage } from '@/lib/protocol/message'
import { acknowledgement } from '@/lib/protocol/messages/acknowledgement'
import type { Mailbox } from '@/lib/core/ids'
import type { Bytes } from '@/lib/core/bytes'
import type { GatewayPapers } from '@/lib/roads/gateway-line'
import type { GatewayCounter } from '@/lib/roads/gateway-road'
import { packBacklog, takeParcelAnswer, type PackedParcel, type ParcelOrder } from '@/lib/roads/parcel-desk'
import { sealBundle, type SealedBundle } from '@/lib/roads/seal-bundle'
import type { UploadFault } from '@/lib/roads/upload'
import type { NewsDesk } from './news-desk'
import type { ParcelKeys } from './ports'
import type { Shell } from './shell'
import { syncSources, type SyncSources } from './sync-sources'

/** What an answer changed: `advanced` where the operator holds more of this log than was known here. */
export type TakenAnswer = 'advanced' | 'known'

export class ParcelPost {
  readonly #shell: Shell
  readonly #news: NewsDesk
  readonly #keys: ParcelKeys
  readonly #sources: SyncSources

  constructor(shell: Shell, news: NewsDesk, keys: ParcelKeys) {
    this.#shell = shell
    this.#news = news
    this.#keys = keys
    this.#sources = syncSources(shell)
  }

  get mailbox(): Mailbox {
    return this.#keys.secret.mailbox
  }

  /** Size of the log. */
  get size(): number {
    return this.#sources.parts().journal.size
  }

  /** How far it has come. */
  get log(): GatewayCounter['log'] {
    const { epoch, acknowledgedSize, size } = this.#sources.parts().journal
    return { epoch, acknowledgedSize, size }
  }

  /** What the charger shows to its site's gateway. */
  get papers(): GatewayPapers {
    const { trustList, certificate: known } = this.#shell.knowledge
    const { signer, certificate } = this.#sources.parts()
    return { chargerId: known.payload.chargerId, certificate, trustList: trustList.bytes, signer }
  }

  /** One bundle for a carrier that waits for the answer. Refuses like `pack`. */
  seal(bundle: Bytes): Promise<Result<SealedBundle, UploadFault>> {
    return sealBundle(this.#keys, this.#sources.trust(), bundle, this.#sources.timeS())
  }

  /** What is not acknowledged, for one carrier. Refuses with `parcel.no-key` while there is no key to seal to. */
  pack(order: Omit<ParcelOrder, 'nowS'>): Promise<Result<readonly PackedParcel[], UploadFault>> {
    return packBacklog({ ...this.#sources.parts(), ...this.#keys }, this.#sources.trust(), {
      ...order,
      nowS: this.#sources.timeS(),
    })
  }

  /** Refuses with `parcel.not-ours`, `parcel.unreadable`, or why the operator refused the parcel. */
  async take(bytes: Uint8Array): Promise<Result<TakenAnswer, UploadFault>> {
    const parts = { ...this.#sources.parts(), ...this.#keys }
    const taken = await takeParcelAnswer(parts, this.#sources.trust(), bytes)
    if (!taken.ok) {
      // A refusal may carry an acknowledgement that started a new epoch, or proved that more is held.
      if (taken.error.outcome !== undefined) await this.#shell.run(() => this.#news.settle(undefined))
      return err(taken.error)
    }
    const { news, outcome } = taken.value
    const message = parseMessage(acknowledgement, news.acknowledgement)
    const acknowledged = message.ok ? message.value.payload : undefined
    const isNew = outcome.kind === 'advanced' || outcome.kind === 'epoch-started'
    await this.#shell.run(() => this.#news.byCarrier(news, acknowledged, isNew))
    return ok(isNew ? 'advanced' : 'known')
  }
}
