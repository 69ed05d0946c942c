/** Every signed message, attacked with every key but the right one. */

import { toHex, type Bytes } from '@/lib/core/bytes'
import { verifyWithNoble } from '@/lib/crypto/noble'
import { verifyWithNode } from '@/lib/crypto/node'
import { parseMessage, verifyMessage } from '@/lib/protocol/message'
import { testSigner, type Story } from '@/tests/fixtures/messages'
import { readTree } from './cbor-tree'
import { signNow, testSecret } from './sign-now'
import type { Target, Verdict } from './target'
import { storyNames, storySigners, wireTypeOf, wireTypes, type StoryName } from './wire-types'

const attackers = ['root', 'issuer', 'charger', 'wallet', 'stranger'].map((name) => ({
  publicKey: testSigner(name).publicKey,
  secret: testSecret(name),
}))

/** Of a COSE_Sign1 as it stands, however damaged. */
export function payloadOf(message: Uint8Array): Uint8Array | undefined {
  const tree = readTree(message)
  const payload = tree?.kind === 'array' ? tree.items[2] : undefined
  return payload?.kind === 'bytes' ? payload.bytes : undefined
}

/** Noble is slow: it gives a second verdict on a share of what was well formed. */
const secondVerdictShare = 64

export const messageTargets = (story: Story, furtherOf: (name: StoryName) => readonly Bytes[]): Target[] =>
  storyNames.map((name) => messageTarget(name, [story[name].bytes, ...furtherOf(name)]))

function messageTarget(name: StoryName, genuine: readonly Bytes[]): Target {
  const type = wireTypeOf(name)
  const key = storySigners[name].publicKey
  const signed = new Set(genuine.map(toHex))
  let wellFormed = 0
  const judge = (input: Bytes): Verdict => {
    const parsed = parseMessage(type, input)
    if (!parsed.ok) return 'refused'
    const isSigned = verifyMessage(parsed.value, key, verifyWithNode) !== undefined
    wellFormed += 1
    if (wellFormed % secondVerdictShare === 0) {
      const second = verifyMessage(parsed.value, key, verifyWithNoble) !== undefined
      if (second !== isSigned) throw new Error('noble and node:crypto disagree')
    }
    if (!isSigned) return 'refused'
    return signed.has(toHex(input)) ? 'accepted' : 'false-accept'
  }
  return {
    name: `message ${wireTypes[name].name}`,
    weight: 2,
    genuine,
    judge,
    resign: (dice, mutated) => {
      const payload = payloadOf(mutated)
      if (payload === undefined) return undefined
      // Another key as this type, or the right key as another type: neither says what this message must say.
      const attacker = dice.pick(attackers)
      const own = wireTypes[name].name
      const other = wireTypes[dice.pick(storyNames)].name
      const isOwner = attacker.publicKey === key
      return signNow(isOwner ? (other === own ? 'nothing' : other) : own, payload, attacker.secret)
    },
  }
}
