/**
 * The phone's own signing keys: WebCrypto Ed25519 that cannot be exported, or, where the browser has none or cannot store
 * it, a random seed under the phone's seal. The weaker kind is declared to the issuer, which grants first-seen limits.
 */

import type { PublicKey } from '@/lib/core/ids'
import { nobleSigner, publicKeyOfSeed } from '@/lib/crypto/noble'
import { generateDeviceKey, webCryptoHasEd25519, webCryptoSigner } from '@/lib/crypto/webcrypto'
import type { StoredKey, WalletDatabase } from './idb-database'
import { KeyLocked, type DeviceKey, type KeyVault } from './key-vault'
import type { OpenSeal } from './seal'
import type { AskToOpen, SealBox } from './seal-box'

export function deviceKeyVault(
  database: WalletDatabase,
  seal: SealBox,
  askToOpen: AskToOpen,
  hasEd25519: () => Promise<boolean> = webCryptoHasEd25519,
): KeyVault {
  const read = (publicKey: PublicKey): Promise<StoredKey | undefined> => database.get('keys', publicKey)

  async function opened(): Promise<OpenSeal> {
    if (seal.opened !== undefined) return seal.opened
    const isAgreed = await askToOpen((await seal.lock()) === undefined ? 'set-up' : 'unlock')
    if (!isAgreed || seal.opened === undefined) throw new KeyLocked()
    return seal.opened
  }

  async function createSealed(): Promise<DeviceKey> {
    const open = await opened()
    const seed = crypto.getRandomValues(new Uint8Array(32))
    const publicKey = publicKeyOfSeed(seed)
    const sealed = await open.sealSeed(seed, publicKey)
    seed.fill(0)
    await keep(database, { publicKey, secret: { kind: 'sealed', sealed } })
    return { publicKey, protection: 'sealed' }
  }

  return {
    async create() {
      const platform = (await hasEd25519()) ? await createPlatform(database) : undefined
      return platform ?? createSealed()
    },
    protectionOf: async (publicKey) => (await read(publicKey))?.secret.kind,
    async signer(publicKey) {
      const key = await read(publicKey)
      if (key === undefined) return undefined
      if (key.secret.kind === 'platform') return webCryptoSigner(key.secret.pair)
      const open = await opened()
      // Too many wrong PINs while this was asked: the seed is gone with its seal.
      return (await read(publicKey)) === undefined
        ? undefined
        : nobleSigner(await open.openSeed(key.secret.sealed, publicKey))
    },
  }
}

/** Undefined where the browser has the curve and yet cannot store such a key (some private and lockdown modes). */
async function createPlatform(database: WalletDatabase): Promise<DeviceKey | undefined> {
  const pair = await generateDeviceKey()
  const { publicKey } = await webCryptoSigner(pair)
  try {
    await keep(database, { publicKey, secret: { kind: 'platform', pair } })
    const back = await database.get('keys', publicKey)
    return back?.secret.kind === 'platform' ? { publicKey, protection: 'platform' } : undefined
  } catch (error) {
    // A full or closed database fails for every kind of key.
    if (error instanceof DOMException && error.name === 'DataCloneError') return undefined
    throw error
  }
}

async function keep(database: WalletDatabase, key: StoredKey): Promise<void> {
  const transaction = database.transaction('keys', 'readwrite', { durability: 'strict' })
  await Promise.all([transaction.store.put(key, key.publicKey), transaction.done])
}
