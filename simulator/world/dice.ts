/**
 * Chance from a seed: quick, small and the same on every machine. Not for keys that guard anything. A fork draws from
 * a stream of its own, so that one more throw in one place changes nothing in another.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { Random } from '@/lib/core/clock'

export class Dice implements Random {
  readonly #seed: string
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: string) {
    this.#seed = seed
    const mix = mixer(seed)
    this.#a = mix()
    this.#b = mix()
    this.#c = mix()
    for (let turn = 0; turn < 12; turn += 1) this.#next()
  }

  fork(name: string): Dice {
    return new Dice(`${this.#seed}/${name}`)
  }

  /** A whole number in [0, bound). */
  below(bound: number): number {
    return Math.floor((this.#next() / 2 ** 32) * bound)
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1)
  }

  chance(share: number): boolean {
    return this.#next() / 2 ** 32 < share
  }

  /** In [0, 1). */
  fraction(): number {
    return this.#next() / 2 ** 32
  }

  /** Throws on an empty list. */
  pick<T>(list: readonly T[]): T {
    const picked = list[this.below(list.length)]
    if (picked === undefined) throw new RangeError('Nothing to pick from')
    return picked
  }

  bytes(length: number): Bytes {
    const bytes = new Uint8Array(length)
    for (let offset = 0; offset < length; offset += 4) {
      const word = this.#next()
      for (let index = 0; index < 4 && offset + index < length; index += 1) {
        bytes[offset + index] = (word >>> (8 * index)) & 0xff
      }
    }
    return bytes
  }

  /** The generator sfc32: three words of state and a counter. */
  #next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (this.#c << 21) | (this.#c >>> 11)
    this.#c = (this.#c + sum) | 0
    return sum >>> 0
  }
}

/** Words from a text: a multiply-and-rotate hash, stirred once more for every word. */
function mixer(text: string): () => number {
  let hash = 0x6a09e667 ^ text.length
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0xcc9e2d51)
    hash = (hash << 13) | (hash >>> 19)
  }
  return () => {
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    hash ^= hash >>> 16
    return hash | 0
  }
}
