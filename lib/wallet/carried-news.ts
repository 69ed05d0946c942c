/**
 * The news that a charger without a link may not have heard, chosen for one charger so that they fit one code.
 * Carrying them is a courtesy: the authorization works without.
 */

import { limits } from '@/lib/core/limits'
import type { EpochSeconds } from '@/lib/core/units'
import { encodeEnvelope, envelopeToText } from '@/lib/protocol/envelope'
import { encodeNewsItem, type NewsItem } from '@/lib/protocol/news-item'
import type { Chain, CheckedOffer } from './chain'
import type { WalletState } from './wallet-state'

/**
 * The code to show before the authorization, or undefined where the charger needs nothing that is carried here. Time
 * first, because nothing else can be judged without; then what was revoked; then permits for this charger.
 */
export function newsCodeFor(
  state: WalletState,
  chain: Chain,
  { offer, certificate }: CheckedOffer,
  nowS: EpochSeconds,
): string | undefined {
  const items = [
    ...timeFor(state, offer.payload),
    ...revocationsFor(state, offer.payload.revocationEpoch),
    ...permitsFor(state, chain, certificate.payload.chargerId, nowS),
  ]
  const parts: NewsItem[] = []
  for (const item of items) if (fits([...parts, item])) parts.push(item)
  return parts.length === 0 ? undefined : envelopeToText(envelopeOf(parts))
}

const envelopeOf = (items: readonly NewsItem[]) => ({
  kind: 'news' as const,
  parts: items.map((item) => encodeNewsItem(item)),
})

/** One code that a person can hold still for: never denser than an authorization with a passkey. */
const fits = (items: readonly NewsItem[]): boolean =>
  items.length <= limits.envelopePartsMax &&
  encodeEnvelope(envelopeOf(items)).length <= limits.stepUpCodeBytesMax

const timeFor = (
  { signedTimes }: WalletState,
  { clockQuality, nonce }: CheckedOffer['offer']['payload'],
): readonly NewsItem[] => {
  const time = signedTimes.find(({ payload }) => payload.nonce === nonce)
  return clockQuality !== 'unknown' || time === undefined ? [] : [{ kind: 'time', message: time.bytes }]
}

/** The step that leads furthest from where the charger is, the shortest among equals; else the whole list if it is short. */
function revocationsFor({ trust }: WalletState, chargersEpoch: number): readonly NewsItem[] {
  if (trust === null) return []
  const [step] = trust.deltas
    .filter(({ payload }) => payload.fromEpoch <= chargersEpoch && payload.epoch > chargersEpoch)
    .sort((left, right) => right.payload.epoch - left.payload.epoch || left.bytes.length - right.bytes.length)
  if (step !== undefined) return [{ kind: 'revocation-delta', message: step.bytes }]
  return trust.revocations.payload.epoch > chargersEpoch
    ? [{ kind: 'revocations', message: trust.revocations.bytes }]
    : []
}

/** What concerns this very grant first. */
function permitsFor(
  { trust }: WalletState,
  { serial }: Chain,
  chargerId: string,
  nowS: EpochSeconds,
): readonly NewsItem[] {
  const here = (trust?.permits ?? []).filter(
    ({ payload }) =>
      payload.notAfterS >= nowS && (payload.chargerId === undefined || payload.chargerId === chargerId),
  )
  const own = here.filter(({ payload }) => payload.serial === serial)
  const others = here.filter(({ payload }) => payload.serial !== serial)
  return [...own, ...others].map(({ bytes }) => ({ kind: 'permit', message: bytes }))
}
