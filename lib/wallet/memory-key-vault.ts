/** The key vault's twin in memory, over plain seeds. The map stands for the phone's disk. */

import type { Random } from '@/lib/core/clock'
import type { PublicKey } from '@/lib/core/ids'
import { nobleSigner, publicKeyOfSeed } from '@/lib/crypto/noble'
import type { Signer } from '@/lib/crypto/signature'
import type { KeyVault } from './key-vault'

export function memoryKeyVault(
  random: Random,
  seeds: Map<PublicKey, Uint8Array>,
  wrap: (signer: Signer) => Signer = (signer) => signer,
): KeyVault {
  return {
    create() {
      const seed = random.bytes(32)
      const publicKey = publicKeyOfSeed(seed)
      seeds.set(publicKey, seed)
      return Promise.resolve({ publicKey, protection: 'platform' })
    },
    protectionOf: (publicKey) => Promise.resolve(seeds.has(publicKey) ? 'platform' : undefined),
    signer(publicKey) {
      const seed = seeds.get(publicKey)
      return Promise.resolve(seed === undefined ? undefined : wrap(nobleSigner(seed)))
    },
  }
}
