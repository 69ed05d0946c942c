/** What this phone calls itself towards its own account: a random id, kept with the keys, and a plain name. */

import { toHex } from '@/lib/core/bytes'
import type { WalletDatabase } from './idb-database'

const phoneKey = 'phone'

/** Made once, and durable before it is told to anybody. */
export async function phoneIdOf(database: WalletDatabase): Promise<string> {
  const transaction = database.transaction('device', 'readwrite', { durability: 'strict' })
  const known = await transaction.store.get(phoneKey)
  if (known?.kind === 'phone') {
    await transaction.done
    return known.phoneId
  }
  const phoneId = toHex(crypto.getRandomValues(new Uint8Array(16)))
  await Promise.all([transaction.store.put({ kind: 'phone', phoneId }, phoneKey), transaction.done])
  return phoneId
}

/** In the order of asking: later ones pretend to be earlier ones in their text. */
const browsers = [
  [/\bEdg[A-Z]?[a-z]*\//, 'Edge'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bOPR\//, 'Opera'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
] as const
const systems = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'Mac'],
  [/\bCrOS\b/, 'Chromebook'],
  [/\bLinux\b/, 'Linux'],
] as const

/** "Safari · iPhone": enough to tell one's own phones apart, nothing that tells people apart. */
export function phoneName(userAgent: string): string {
  const find = (list: readonly (readonly [RegExp, string])[]): string | undefined =>
    list.find(([pattern]) => pattern.test(userAgent))?.[1]
  return [find(browsers), find(systems)].filter((part) => part !== undefined).join(' · ')
}
