/**
 * The charger's keys in a hardware security module, in the same shape as those of `device-keys.ts`. Generations that
 * were made in sealed files before the move stay readable beside them until they are no longer needed.
 */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { err, ok, type Result } from '@/lib/core/result'
import type { Signer } from '@/lib/crypto/signature'
import { fileSigners, type DeviceKeys, type KeysFault } from './device-keys'
import { Token, type TokenPlace } from './pkcs11-token'
import { folderVault } from '@/lib/journal/segment-vault'
import { sealedKey, sealedKeyFile } from './token-seal'
import { tokenSigner } from './token-signer'
import { tokenLock } from './token-vault'

export interface Pkcs11Keys {
  readonly folder: string
  readonly place: TokenPlace
  readonly generation: number
  /** Of the sealed files from before, where there are any. */
  readonly passphrase: string | undefined
}

/** A process opens a module once: whoever wants to open it again closes it first. */
export interface TokenKeys extends DeviceKeys {
  close(): void
}

/** @param journalKey of a journal that exists already: the move seals it, everything else leaves it out. */
export function openPkcs11Keys(
  { folder, place, generation, passphrase }: Pkcs11Keys,
  journalKey?: string,
): Result<TokenKeys, KeysFault> {
  const sealed = join(folder, sealedKeyFile)
  if (journalKey === undefined && !existsSync(sealed) && existsSync(join(folder, 'device.key'))) {
    return err({
      sentence: `The keys in ${folder} are still in sealed files: move them with \`outpost-kiosk keys move\`.`,
    })
  }
  const before = fileSigners(folder, passphrase, generation)
  if (!before.ok) return before
  let token: Token | undefined
  try {
    const opened = new Token(place)
    token = opened
    const signers: Signer[] = []
    for (let each = 1; each <= generation; each += 1) {
      const found = before.value.get(each) ?? tokenSigner(opened, each, each === generation)
      if (found !== undefined) signers.push(found)
    }
    const [signer, ...nextSigners] = signers
    if (signer === undefined) return err({ sentence: `The token ${place.token} made no key.` })
    return ok({
      signer,
      nextSigners,
      journalKey: sealedKey(opened, sealed, journalKey),
      segments: folderVault(folder, tokenLock(opened)),
      close: () => opened.close(),
    })
  } catch (error) {
    token?.close()
    return err({ sentence: sentenceOf(place, error) })
  }
}

function sentenceOf({ module, token }: TokenPlace, error: unknown): string {
  const detail = error instanceof Error ? error.message : String(error)
  if (detail.includes('pkcs11js')) {
    return 'PKCS#11 needs the package pkcs11js, which was not built here: install python3, make and g++, then `npm ci`.'
  }
  if (detail.includes('CKR_PIN')) return `The token ${token} did not take the PIN (${detail}).`
  return `The token ${token} of ${module} cannot be used: ${detail}.`
}
