/** A public key as two people can compare it over the telephone: eight groups of four, from its SHA-256. */

import { createHash } from 'node:crypto'
import { fromHex } from '@/lib/core/bytes'
import type { PublicKey } from '@/lib/core/ids'

export function fingerprint(key: PublicKey): string {
  const digest = createHash('sha256').update(fromHex(key)).digest('hex').slice(0, 32).toUpperCase()
  return digest.match(/.{4}/g)?.join(' ') ?? digest
}
