/** What every road home needs of a controller: its log, the key and certificate in use now, and whom to believe. */

import type { EpochSeconds } from '@/lib/core/units'
import type { UploadParts, UploadTrust } from '@/lib/roads/upload'
import { certificateAt } from './knowledge'
import type { Shell } from './shell'

export interface SyncSources {
  /** Read before each attempt: certificates and trust change. */
  readonly parts: () => Omit<UploadParts, 'road'>
  readonly trust: () => UploadTrust
  readonly timeS: () => EpochSeconds
}

export function syncSources(shell: Shell): SyncSources {
  const { journal, verify } = shell.ports
  return {
    parts: () => {
      const { bytes, payload } = certificateAt(shell.knowledge, shell.time.now().timeS)
      return { journal, signer: shell.keys.of(payload.key), verify, certificate: bytes, held: shell.held }
    },
    trust: () => {
      const { timeS, clockQuality } = shell.time.now()
      const atS = clockQuality === 'unknown' ? undefined : timeS
      return { root: shell.knowledge.root, trustList: shell.knowledge.trustList.payload, atS }
    },
    timeS: () => shell.time.now().timeS,
  }
}
