/** `/fleet/cards`: credit on cards, for whoever has no phone. */

import type { Metadata } from 'next'
import { Suspense } from 'react'
import { CardsPage } from './cards-page'

export const metadata: Metadata = { title: 'Cards' }

export default function Page() {
  return (
    <Suspense>
      <CardsPage />
    </Suspense>
  )
}
