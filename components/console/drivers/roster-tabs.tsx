/** Drivers or vehicles. */

import Car from 'lucide-react/icons/car'
import IdCard from 'lucide-react/icons/id-card'
import { useTranslations } from 'use-intl/react'
import { PlaceTabs } from '../place-tabs'
import type { RosterKind } from './drivers-view'

export interface RosterTabsProps {
  readonly kind: RosterKind
  onKind(kind: RosterKind): void
}

export function RosterTabs({ kind, onKind }: RosterTabsProps) {
  const t = useTranslations('consoleDrivers')
  return (
    <PlaceTabs
      label={t('tabs')}
      tabs={[
        { kind: 'drivers', href: '/fleet/drivers', title: t('drivers.title'), Icon: IdCard },
        { kind: 'vehicles', href: '/fleet/drivers?kind=vehicles', title: t('vehicles.title'), Icon: Car },
      ]}
      here={kind}
      onKind={onKind}
    />
  )
}
