'use client'

/** The cards of a fleet. */

import { useTranslations } from 'use-intl/react'
import { PrintedCardsPage } from './printed-cards-page'

export function CardsPage() {
  const t = useTranslations('consolePrinted')
  return (
    <>
      <h1 className="mb-8 text-title">{t('title')}</h1>
      <PrintedCardsPage />
    </>
  )
}
