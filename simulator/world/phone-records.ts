/** What lies on a phone's disk, read without its wallet. */

import type { Chain } from '@/lib/wallet/chain'
import type { PhoneDisk } from '@/simulator/phone/phone-disk'

export const chainsOn = (disk: PhoneDisk): readonly Chain[] =>
  disk.keys.filter((key) => key.startsWith('chain/')).map((key) => disk.record(key) as Chain)
