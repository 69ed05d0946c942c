/** Cards for chargers' readers, or cards on paper. */

import Nfc from 'lucide-react/icons/nfc'
import Printer from 'lucide-react/icons/printer'
import { useTranslations } from 'use-intl/react'
import { PlaceTabs } from '../place-tabs'
import type { CardKind } from './cards-view'

export interface CardTabsProps {
  readonly kind: CardKind
  onKind(kind: CardKind): void
}

export function CardTabs({ kind, onKind }: CardTabsProps) {
  const t = useTranslations('consoleCards')
  return (
    <PlaceTabs
      label={t('tabs')}
      tabs={[
        { kind: 'reader', href: '/fleet/cards', title: t('kind.reader'), Icon: Nfc },
        { kind: 'printed', href: '/fleet/cards?kind=printed', title: t('kind.printed'), Icon: Printer },
      ]}
      here={kind}
      onKind={onKind}
    />
  )
}
