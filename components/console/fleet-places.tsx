/** The places of the fleet console, in the order in which a manager's day goes: risk first, people last. */

import IdCard from 'lucide-react/icons/id-card'
import Landmark from 'lucide-react/icons/landmark'
import LayoutDashboard from 'lucide-react/icons/layout-dashboard'
import Tickets from 'lucide-react/icons/tickets'
import PlugZap from 'lucide-react/icons/plug-zap'
import Users from 'lucide-react/icons/users'
import WalletCards from 'lucide-react/icons/wallet-cards'
import type { ReactNode } from 'react'

const iconProps = { className: 'size-icon shrink-0', strokeWidth: 1.75, 'aria-hidden': true } as const

export const fleetPlaces = [
  { id: 'overview', href: '/fleet', icon: <LayoutDashboard {...iconProps} /> },
  { id: 'credit', href: '/fleet/credit', icon: <Landmark {...iconProps} /> },
  { id: 'drivers', href: '/fleet/drivers', icon: <IdCard {...iconProps} /> },
  { id: 'tokens', href: '/fleet/tokens', icon: <Tickets {...iconProps} /> },
  { id: 'cards', href: '/fleet/cards', icon: <WalletCards {...iconProps} /> },
  { id: 'sessions', href: '/fleet/sessions', icon: <PlugZap {...iconProps} /> },
  { id: 'people', href: '/fleet/people', icon: <Users {...iconProps} /> },
] as const satisfies readonly { readonly id: string; readonly href: string; readonly icon: ReactNode }[]
