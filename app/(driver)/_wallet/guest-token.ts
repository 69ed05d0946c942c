/**
 * The secret by which a guest's order is found again. It is on this phone before the order leaves, so that a payment
 * on the card provider's page, a reload or a closed app never costs the driver the grant that was paid for.
 */

import { toBase64Url } from '@/lib/core/bytes'

const key = 'outpost.guest'

/** Null where there is no order, or where the browser keeps nothing. */
export function keptGuestToken(): string | null {
  try {
    const token = localStorage.getItem(key)
    return token !== null && /^[A-Za-z0-9_-]{43}$/.test(token) ? token : null
  } catch {
    return null
  }
}

/** The token of the order under way, or a new one; null where the browser keeps nothing. */
export function guestToken(): string | null {
  const kept = keptGuestToken()
  if (kept !== null) return kept
  const token = toBase64Url(crypto.getRandomValues(new Uint8Array(32)))
  try {
    localStorage.setItem(key, token)
    return token
  } catch {
    return null
  }
}

/** The order is over: its grant is here, or nothing came of it. */
export function forgetGuestToken(): void {
  try {
    localStorage.removeItem(key)
  } catch {
    // Where nothing can be kept, nothing is left.
  }
}
