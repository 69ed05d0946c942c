/** The places of the operator's console, in the order in which a day goes. */

import Users from 'lucide-react/icons/users'
import type { ReactNode } from 'react'

const iconProps = { className: 'size-icon shrink-0', strokeWidth: 1.75, 'aria-hidden': true } as const

export const operatorPlaces = [
  { id: 'people', href: '/operator/people', icon: <Users {...iconProps} /> },
] as const satisfies readonly { readonly id: string; readonly href: string; readonly icon: ReactNode }[]
