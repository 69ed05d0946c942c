/** Chargers of a world's cloud in memory: where they stand, and every certificate that they were given. */

import type { Bytes } from '@/lib/core/bytes'
import {
  chargerId as toChargerId,
  publicKey,
  siteId as toSiteId,
  type ChargerId,
  type PublicKey,
} from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { addSeconds, epochSeconds } from '@/lib/core/units'
import type { MemoryStore } from '@/lib/cloud/ingest/memory-store'
import { parseMessage, signMessage, verifyMessage } from '@/lib/protocol/message'
import { certificateRenewal } from '@/lib/protocol/messages/certificate-renewal'
import { chargerCertificate, type ChargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import type { ChangingOperator } from './changing-operator'
import { worldVerify } from './keys'
import { siteLabels, worldOperator, type WorldSite } from './place'

const dayS = 86_400
const certificateDays = 2 * 365
const renewBeforeS = 60 * dayS
const hasCamera = 1
const isAlone = 4

interface Known {
  readonly payload: ChargerCertificate
  readonly bytes: Bytes
}

export class MemoryChargers {
  readonly #operator: ChangingOperator
  readonly #store: MemoryStore
  readonly #sites = new Map<string, WorldSite>()

  constructor(operator: ChangingOperator, store: MemoryStore) {
    this.#operator = operator
    this.#store = store
  }

  enrol(chargerId: string, key: PublicKey, site: WorldSite): Promise<Bytes> {
    this.#sites.set(chargerId, site)
    return this.#certify(chargerId, key)
  }

  /** For the next key: by the one that is certified, and by the one that is to be. */
  async renew(renewalBytes: Uint8Array, proofBytes: Uint8Array): Promise<Result<Bytes, Refusal>> {
    const renewal = parseMessage(certificateRenewal, renewalBytes)
    const proof = parseMessage(certificateRenewal, proofBytes)
    if (!renewal.ok || !proof.ok) return err(refusal('code.damaged'))
    const { operator, chargerId, key } = renewal.value.payload
    const newest = this.#newest(chargerId)
    const holdsNext =
      renewal.value.hash === proof.value.hash && verifyMessage(proof.value, key, worldVerify) !== undefined
    if (operator !== worldOperator || newest === undefined || !holdsNext)
      return err(refusal('device.unknown'))
    if (newest.payload.key === key) return ok(newest.bytes)
    const isPresent = verifyMessage(renewal.value, newest.payload.key, worldVerify) !== undefined
    return isPresent ? ok(await this.#certify(chargerId, key)) : err(refusal('device.unknown'))
  }

  /** The certificate that a charger should have, where it showed another one. */
  async due(chargerId: string, shown: Uint8Array): Promise<Bytes | undefined> {
    const newest = this.#newest(chargerId)
    if (newest === undefined) return undefined
    const { payload, bytes } = newest
    const isTrue = payload.capabilities === this.#capabilities(chargerId)
    const isFresh = payload.notAfterS - this.#operator.clock.nowS() >= renewBeforeS
    if (!isTrue || !isFresh) return this.#certify(chargerId, payload.key)
    return Buffer.compare(shown, bytes) === 0 ? undefined : bytes
  }

  async #certify(chargerId: string, key: PublicKey): Promise<Bytes> {
    const { issuer, clock } = this.#operator
    const site = this.#sites.get(chargerId) ?? 'kinross'
    const before = this.#newest(chargerId)?.payload.notBeforeS ?? 0
    const notBeforeS = epochSeconds(Math.max(addSeconds(clock.nowS(), -dayS), before + 1))
    const { bytes } = await signMessage(
      chargerCertificate,
      {
        operator: worldOperator,
        chargerId: toChargerId(chargerId),
        key: publicKey(key),
        siteId: toSiteId(site),
        siteLabel: siteLabels[site],
        bayLabel: chargerId,
        notBeforeS,
        notAfterS: addSeconds(notBeforeS, certificateDays * dayS),
        capabilities: this.#capabilities(chargerId),
      },
      issuer,
    )
    const { certificates } = this.#store.tables
    await this.#store.transaction(() => {
      certificates.set(chargerId, [bytes, ...(certificates.get(chargerId) ?? [])])
      return Promise.resolve()
    })
    return bytes
  }

  #capabilities(chargerId: string): number {
    const site = this.#sites.get(chargerId)
    const count = [...this.#sites.values()].filter((other) => other === site).length
    return count === 1 ? hasCamera | isAlone : hasCamera
  }

  #newest(chargerId: ChargerId | string): Known | undefined {
    const [bytes] = this.#store.tables.certificates.get(chargerId) ?? []
    const parsed = bytes === undefined ? undefined : parseMessage(chargerCertificate, bytes)
    return parsed?.ok === true ? { payload: parsed.value.payload, bytes: parsed.value.bytes } : undefined
  }
}
