/**
 * Two words that phone and kiosk both show for one offer: 22 bits of its hash as two indexes into a frozen list of
 * 2,048 words, never translated. They reveal mix-ups of neighbouring chargers; they do not stop a relay.
 */

import { wordlist } from '@scure/bip39/wordlists/english.js'
import { fromHex } from '@/lib/core/bytes'
import type { MessageHash } from '@/lib/core/ids'

export function matchingWords(offerHash: MessageHash): readonly [string, string] {
  const [first = 0, second = 0, third = 0] = fromHex(offerHash)
  const bits = (first << 16) | (second << 8) | third
  return [wordAt(bits >> 13), wordAt((bits >> 2) & 0x7ff)]
}

function wordAt(index: number): string {
  const word = wordlist[index]
  if (word === undefined) throw new RangeError(`No word ${index}`)
  return word
}
