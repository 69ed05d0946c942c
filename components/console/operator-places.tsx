/** The places of the operator's console, in the order in which a day goes: risk first, people last. */

import Landmark from 'lucide-react/icons/landmark'
import Scale from 'lucide-react/icons/scale'
import Truck from 'lucide-react/icons/truck'
import Users from 'lucide-react/icons/users'
import type { ReactNode } from 'react'

const iconProps = { className: 'size-icon shrink-0', strokeWidth: 1.75, 'aria-hidden': true } as const

export const operatorPlaces = [
  { id: 'fleets', href: '/operator', icon: <Truck {...iconProps} /> },
  { id: 'payments', href: '/operator/payments', icon: <Landmark {...iconProps} /> },
  { id: 'cases', href: '/operator/cases', icon: <Scale {...iconProps} /> },
  { id: 'people', href: '/operator/people', icon: <Users {...iconProps} /> },
] as const satisfies readonly { readonly id: string; readonly href: string; readonly icon: ReactNode }[]
