/**
 * Locks the secrets of the log's segments in a hardware security module: each generation has a key of its own there, and
 * destroying that key in the module is what makes the segments unreadable, whatever copies of the disk there are.
 */

import type { VaultLock } from '@/lib/journal/segment-vault'
import type { Token } from './pkcs11-token'
import { destroySealingKey, openSealed, sealed } from './token-seal'

const labelOf = (generation: number): string => `outpost charger segments ${generation}`

export const tokenLock = (token: Token): VaultLock => ({
  name: 'token',
  seal: (generation, secret) =>
    token.use((session) => sealed(session, labelOf(generation), Buffer.from(secret))),
  open: (generation, bytes) =>
    token.use((session) => openSealed(session, labelOf(generation), Buffer.from(bytes))),
  forget: (generation) => token.use((session) => destroySealingKey(session, labelOf(generation))),
})
