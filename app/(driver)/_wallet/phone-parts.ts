/** What an opened phone consists of. */

import type { AccountPort } from '@/lib/wallet/account-port'
import type { CloudPort } from '@/lib/wallet/cloud-port'
import type { Sync } from '@/lib/wallet/sync'
import type { Wallet } from '@/lib/wallet/wallet'

export interface Phone {
  readonly wallet: Wallet
  readonly cloud: CloudPort
  readonly sync: Sync
  readonly account: AccountPort
}
