/** The operator's keys that parcels are sealed to: the one that the root's list names, and earlier ones still on their way. */

import type { SealingKey } from '@/lib/core/ids'
import { hpkePair } from '@/lib/crypto/hpke'
import type { Unseal } from '@/lib/crypto/sealing'
import { keyIdOf } from '@/lib/sync/parcel'

export interface OperatorSealing {
  /** What is sealed from now on. */
  readonly publicKey: SealingKey
  /** By key id (`keyIdOf`). */
  readonly keys: ReadonlyMap<string, Unseal>
}

/** @param earlier secrets that were replaced; parcels sealed to them may arrive for months. */
export async function operatorSealing(
  secret: Uint8Array,
  earlier: readonly Uint8Array[] = [],
): Promise<OperatorSealing> {
  const newest = await hpkePair(secret)
  const pairs = [newest, ...(await Promise.all(earlier.map(hpkePair)))]
  return {
    publicKey: newest.publicKey,
    keys: new Map(pairs.map(({ publicKey, unseal }) => [keyIdOf(publicKey), unseal])),
  }
}
