/**
 * The places behind the person icon, in the order of the list. A place gets its row with its route: one line here, its
 * words under `driver.account.rows`.
 */

import ChartColumn from 'lucide-react/icons/chart-column'
import Download from 'lucide-react/icons/download'
import Info from 'lucide-react/icons/info'
import Settings from 'lucide-react/icons/settings'
import KeyRound from 'lucide-react/icons/key-round'
import Route from 'lucide-react/icons/route'
import Send from 'lucide-react/icons/send'
import Wallet from 'lucide-react/icons/wallet'

export type AccountPlace =
  'wallet' | 'trip' | 'energy' | 'courier' | 'devices' | 'install' | 'settings' | 'about'

export interface AccountRow {
  readonly id: AccountPlace
  readonly path: string
  readonly Icon: typeof Download
}

export const accountRows: readonly AccountRow[] = [
  { id: 'wallet', path: '/wallet', Icon: Wallet },
  { id: 'trip', path: '/trip', Icon: Route },
  { id: 'energy', path: '/energy', Icon: ChartColumn },
  { id: 'courier', path: '/courier', Icon: Send },
  { id: 'devices', path: '/devices', Icon: KeyRound },
  { id: 'install', path: '/install', Icon: Download },
  { id: 'settings', path: '/settings', Icon: Settings },
  { id: 'about', path: '/about', Icon: Info },
]
