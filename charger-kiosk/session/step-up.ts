/** The passkey's confirmation beside an authorization: absent, right, or not what the grant names. */

import type { Bytes } from '@/lib/core/bytes'
import type { Verify } from '@/lib/crypto/signature'
import type { ParsedMessage } from '@/lib/protocol/message'
import type { Authorization } from '@/lib/protocol/messages/authorization'
import type { Grant } from '@/lib/protocol/messages/grant'
import { verifyPasskeyAssertion } from '@/lib/protocol/passkey-assertion'

/** Where the passkeys of this operator's drivers were made (WebAuthn). */
export interface StepUpOrigin {
  readonly relyingPartyId: string
  readonly origins: readonly string[]
}

export type StepUp =
  { readonly kind: 'absent' | 'wrong' } | { readonly kind: 'right'; readonly assertion: Bytes | undefined }

export function stepUpOf(
  presented: {
    readonly authorization: ParsedMessage<Authorization>
    readonly grant: ParsedMessage<Grant>
    readonly passkeyAssertion: Bytes | undefined
  },
  origin: StepUpOrigin,
  verify: Verify,
): StepUp {
  const { authorization, grant, passkeyAssertion } = presented
  if (passkeyAssertion === undefined) return { kind: 'absent' }
  if (grant.payload.passkeyHash === undefined) return { kind: 'wrong' }
  const expected = {
    authorizationHash: authorization.hash,
    passkeyHash: grant.payload.passkeyHash,
    relyingPartyId: origin.relyingPartyId,
    origins: origin.origins,
  }
  return verifyPasskeyAssertion(passkeyAssertion, expected, verify)
    ? { kind: 'right', assertion: passkeyAssertion }
    : { kind: 'wrong' }
}
