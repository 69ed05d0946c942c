/** The pass on this phone, opened once when its page is first looked at. */

import { verifyWithNoble } from '@/lib/crypto/noble'
import { openWalletDatabase } from '@/lib/wallet/idb-database'
import { PassHolder } from '@/lib/wallet/technician-pass'

let opened: Promise<PassHolder> | undefined

export function passHolder(): Promise<PassHolder> {
  opened ??= openWalletDatabase('outpost-technician').then(
    (database) =>
      new PassHolder({ database, verify: verifyWithNoble, fetchApi: (path, init) => fetch(path, init) }),
  )
  return opened
}
