/** The passkey's confirmation, for both algorithms: nothing that it signed may change. */

import { toHex, type Bytes } from '@/lib/core/bytes'
import { messageHash } from '@/lib/core/ids'
import { verifyWithNode } from '@/lib/crypto/node'
import { verifyPasskeyAssertion } from '@/lib/protocol/passkey-assertion'
import { assertionOver, passkeyHash } from '@/tests/fixtures/virtual-passkey'
import { readTree, writeTree } from './cbor-tree'
import type { Target } from './target'

const authorizationHash = messageHash('a5'.repeat(16))
const expectation = {
  authorizationHash,
  passkeyHash,
  relyingPartyId: 'localhost',
  origins: ['http://localhost:3000'],
}

export function passkeyTarget(): Target {
  const genuine = assertionOver(authorizationHash)
  const wanted = signedPart(genuine)
  return {
    name: 'passkey assertion',
    weight: 3,
    genuine: [genuine],
    judge: (input) => {
      if (!verifyPasskeyAssertion(input, expectation, verifyWithNode)) return 'refused'
      return signedPart(input) === wanted ? 'accepted' : 'false-accept'
    },
  }
}

/** Algorithm, key, authenticator data and client data: ECDSA has two signatures for one. */
function signedPart(bytes: Bytes): string {
  const tree = readTree(bytes)
  return tree?.kind === 'map' ? toHex(writeTree({ kind: 'map', entries: tree.entries.slice(0, 4) })) : ''
}
