/**
 * The phone's own signing keys: WebCrypto Ed25519 that cannot be exported, or, where the browser has none, a random
 * seed that is sealed by a non-exportable AES key in the same database. The weaker kind is declared to the issuer,
 * which then grants first-seen limits only.
 */

import { toBytes } from '@/lib/core/bytes'
import type { PublicKey } from '@/lib/core/ids'
import { nobleSigner, publicKeyOfSeed } from '@/lib/crypto/noble'
import type { Signer } from '@/lib/crypto/signature'
import { generateDeviceKey, webCryptoHasEd25519, webCryptoSigner } from '@/lib/crypto/webcrypto'
import type { StoredKey, WalletDatabase } from './idb-database'
import type { DeviceKey, KeyVault } from './key-vault'

export function deviceKeyVault(
  database: WalletDatabase,
  hasEd25519: () => Promise<boolean> = webCryptoHasEd25519,
): KeyVault {
  const read = (publicKey: PublicKey): Promise<StoredKey | undefined> => database.get('keys', publicKey)

  return {
    async create() {
      const key = (await hasEd25519()) ? await createPlatformKey() : await createSealedKey()
      const transaction = database.transaction('keys', 'readwrite', { durability: 'strict' })
      await Promise.all([transaction.store.put(key, key.publicKey), transaction.done])
      return describe(key)
    },
    protectionOf: async (publicKey) => (await read(publicKey))?.secret.kind,
    async signer(publicKey) {
      const key = await read(publicKey)
      return key === undefined ? undefined : signerOf(key)
    },
  }
}

const describe = ({ publicKey, secret }: StoredKey): DeviceKey => ({ publicKey, protection: secret.kind })

async function createPlatformKey(): Promise<StoredKey> {
  const pair = await generateDeviceKey()
  const { publicKey } = await webCryptoSigner(pair)
  return { publicKey, secret: { kind: 'platform', pair } }
}

async function createSealedKey(): Promise<StoredKey> {
  const seed = crypto.getRandomValues(new Uint8Array(32))
  const nonce = crypto.getRandomValues(new Uint8Array(12))
  const wrappingKey = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ])
  const sealedSeed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce }, wrappingKey, seed)
  const publicKey = publicKeyOfSeed(seed)
  seed.fill(0)
  return { publicKey, secret: { kind: 'sealed', wrappingKey, nonce, sealedSeed } }
}

async function signerOf({ secret }: StoredKey): Promise<Signer> {
  if (secret.kind === 'platform') return webCryptoSigner(secret.pair)
  const { wrappingKey, nonce, sealedSeed } = secret
  const seed = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce }, wrappingKey, sealedSeed)
  return nobleSigner(toBytes(seed))
}
