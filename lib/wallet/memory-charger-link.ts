/** The link's twin in memory: two ends of one cable that can be cut. */

import { refusal } from '@/lib/core/reason'
import { err, ok } from '@/lib/core/result'
import type { ChargerLink } from './charger-link'

export interface MemoryCable {
  readonly phone: ChargerLink
  readonly charger: ChargerLink
  /** What is sent from now on arrives nowhere. */
  cut(): void
}

interface End {
  readonly waiting: string[]
  take: ((code: string) => void) | undefined
}

export function memoryCable(): MemoryCable {
  const ends: readonly [End, End] = [
    { waiting: [], take: undefined },
    { waiting: [], take: undefined },
  ]
  let isCut = false
  let tellEnded = (): void => undefined
  const ended = new Promise<void>((resolve) => {
    tellEnded = resolve
  })
  const cut = (): void => {
    isCut = true
    tellEnded()
  }
  const linkOf = (own: End, other: End): ChargerLink => ({
    listen(take) {
      own.take = take
      for (const code of own.waiting.splice(0)) take(code)
    },
    send(code) {
      if (isCut) return Promise.resolve(err(refusal('phone.link')))
      if (other.take === undefined) other.waiting.push(code)
      else other.take(code)
      return Promise.resolve(ok(undefined))
    },
    ended,
    close: cut,
  })
  const [left, right] = ends
  return { phone: linkOf(left, right), charger: linkOf(right, left), cut }
}
