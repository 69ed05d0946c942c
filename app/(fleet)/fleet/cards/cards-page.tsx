'use client'

/** The cards of a fleet: for chargers' readers, or on paper. Which of them stands in the address. */

import { useSearchParams } from 'next/navigation'
import { useTranslations } from 'use-intl/react'
import { CardTabs } from '@/components/console/cards/card-tabs'
import { PrintedCardsPage } from './printed-cards-page'
import { ReaderCardsPage } from './reader-cards-page'

export function CardsPage() {
  const t = useTranslations('consoleCards')
  const kind = useSearchParams().get('kind') === 'printed' ? 'printed' : 'reader'
  return (
    <>
      <h1 className="mb-4 text-title">{t('title')}</h1>
      <CardTabs
        kind={kind}
        onKind={(chosen) =>
          window.history.pushState(
            null,
            '',
            chosen === 'reader' ? '/fleet/cards' : '/fleet/cards?kind=printed',
          )
        }
      />
      {kind === 'printed' ? <PrintedCardsPage /> : <ReaderCardsPage />}
    </>
  )
}
