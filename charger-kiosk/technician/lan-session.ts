/**
 * Who may come in from the LAN: whoever types the password that the touchscreen shows, once, within half an hour. A few
 * wrong guesses end it. Afterwards one browser holds one cookie, and nobody else gets in. Pure but for the random it is given.
 */

import { timingSafeEqual } from 'node:crypto'
import type { Random } from '@/lib/core/clock'
import { toHex, utf8 } from '@/lib/core/bytes'
import { sha256 } from '@/lib/crypto/hash'

export const lanLifeMs = 1_800_000
/** Of 2⁴⁰ passwords: five guesses are no chance, and a slip of the finger is forgiven. */
const triesMax = 5
/** Without I, L, O and U, so that a password survives being read across a car park. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

export type LanEntry =
  { readonly ok: true; readonly cookie: string } | { readonly ok: false; readonly isOver: boolean }

export class LanSession {
  readonly #random: Random
  readonly endsMs: number
  #password: string | undefined
  #cookieDigest: Uint8Array | undefined
  #tries = 0

  constructor(random: Random, nowMs: number) {
    this.#random = random
    this.endsMs = nowMs + lanLifeMs
    const characters = [...random.bytes(8)].map((byte) => alphabet[byte % 32] ?? '')
    this.#password = `${characters.slice(0, 4).join('')}-${characters.slice(4).join('')}`
  }

  /** For the touchscreen, until it was used. */
  get password(): string | undefined {
    return this.#password
  }

  get isUsed(): boolean {
    return this.#cookieDigest !== undefined
  }

  isOver(nowMs: number): boolean {
    return nowMs >= this.endsMs || (this.#tries >= triesMax && !this.isUsed)
  }

  enter(typed: string, nowMs: number): LanEntry {
    if (this.isOver(nowMs) || this.#password === undefined) return { ok: false, isOver: true }
    if (!isSame(normalised(typed), normalised(this.#password))) {
      this.#tries += 1
      return { ok: false, isOver: this.isOver(nowMs) }
    }
    this.#password = undefined
    const cookie = toHex(this.#random.bytes(32))
    this.#cookieDigest = sha256(utf8(cookie))
    return { ok: true, cookie }
  }

  holds(cookie: string | undefined, nowMs: number): boolean {
    const digest = this.#cookieDigest
    if (digest === undefined || cookie === undefined || this.isOver(nowMs)) return false
    return timingSafeEqual(digest, sha256(utf8(cookie.slice(0, 128))))
  }
}

const normalised = (text: string): string =>
  text.slice(0, 64).toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')

/** Digests have one length, so neither content nor length shows in the time taken. */
const isSame = (left: string, right: string): boolean =>
  timingSafeEqual(sha256(utf8(left)), sha256(utf8(right)))
