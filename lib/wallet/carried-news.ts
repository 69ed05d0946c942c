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
  checked: CheckedOffer,
  nowS: EpochSeconds,
): string | undefined {
  const parts = newsItemsFor(state, chain, checked, nowS)
  return parts.length === 0 ? undefined : envelopeToText(envelopeOf(parts))
}

/** How much of it there is for one charger. */
export const newsBytesFor = (...args: Parameters<typeof newsItemsFor>): number =>
  newsItemsFor(...args).reduce((sum, { message }) => sum + message.length, 0)

/**
 * What concerns this very ceremony is shown in any case: the time that the charger lacks, whom it must not trust any
 * more, and the issuer's word about this grant. The rest is a favour to others, which somebody has to agree to.
 */
function newsItemsFor(
  state: WalletState,
  chain: Chain,
  { offer, certificate }: CheckedOffer,
  nowS: EpochSeconds,
): readonly NewsItem[] {
  const { own, others } = permitsFor(state, chain, certificate.payload.chargerId, nowS)
  let parts: readonly NewsItem[] = []
  const add = (candidates: readonly NewsItem[], bytesMax: number): void => {
    const fitting = candidates.find((item) => fits([...parts, item], bytesMax))
    if (fitting !== undefined) parts = [...parts, fitting]
  }
  add(timeFor(state, offer.payload), limits.newsCodeBytesMax)
  add(revocationsFor(state, offer.payload.revocationEpoch), limits.newsCodeBytesMax)
  for (const item of own) add([item], limits.newsCodeBytesMax)
  // For others only as far as the code gets no harder to hold still for than one's own with a passkey.
  const favours = state.preferences.isCourier
    ? [...rulesFor(state, offer.payload.policySequence), ...others]
    : []
  for (const item of favours) add([item], limits.stepUpCodeBytesMax)
  return parts
}

/** Prices and limits that the charger has not heard of, in force or announced. */
const rulesFor = ({ trust }: WalletState, chargersSequence: number): readonly NewsItem[] =>
  [trust?.nextPolicy, trust?.policy].flatMap((rules) =>
    rules !== null && rules !== undefined && rules.payload.sequence > chargersSequence
      ? [{ kind: 'policy' as const, message: rules.bytes }]
      : [],
  )

const envelopeOf = (items: readonly NewsItem[]) => ({
  kind: 'news' as const,
  parts: items.map((item) => encodeNewsItem(item)),
})

const fits = (items: readonly NewsItem[], bytesMax: number): boolean =>
  items.length <= limits.envelopePartsMax && encodeEnvelope(envelopeOf(items)).length <= bytesMax

const timeFor = (
  { signedTimes }: WalletState,
  { clockQuality, nonce }: CheckedOffer['offer']['payload'],
): readonly NewsItem[] => {
  const time = signedTimes.find(({ payload }) => payload.nonce === nonce)
  return clockQuality !== 'unknown' || time === undefined ? [] : [{ kind: 'time', message: time.bytes }]
}

/** Best first: the step that leads furthest from where the charger is, the shortest among equals; then the whole list. */
function revocationsFor({ trust }: WalletState, chargersEpoch: number): readonly NewsItem[] {
  if (trust === null) return []
  const steps = trust.deltas
    .filter(({ payload }) => payload.fromEpoch <= chargersEpoch && payload.epoch > chargersEpoch)
    .sort((left, right) => right.payload.epoch - left.payload.epoch || left.bytes.length - right.bytes.length)
    .map(({ bytes }) => ({ kind: 'revocation-delta' as const, message: bytes }))
  const { payload, bytes } = trust.revocations
  return payload.epoch > chargersEpoch ? [...steps, { kind: 'revocations', message: bytes }] : steps
}

/** Those about this very grant, and those that only pass by here. */
function permitsFor(
  { trust }: WalletState,
  { serial, entries }: Chain,
  chargerId: string,
  nowS: EpochSeconds,
): { readonly own: readonly NewsItem[]; readonly others: readonly NewsItem[] } {
  const here = (trust?.permits ?? []).filter(
    ({ payload }) =>
      payload.notAfterS >= nowS && (payload.chargerId === undefined || payload.chargerId === chargerId),
  )
  const isOwn = ({ payload }: (typeof here)[number]): boolean =>
    payload.serial === serial || entries.some((entry) => entry.sessionId === payload.sessionId)
  const items = (kept: typeof here): readonly NewsItem[] =>
    kept.map(({ bytes }) => ({ kind: 'permit', message: bytes }))
  return { own: items(here.filter(isOwn)), others: items(here.filter((kept) => !isOwn(kept))) }
}
