/** `/operator`: all fleets, the most at risk first. */

import type { Metadata } from 'next'
import { Suspense } from 'react'
import { FleetsPage } from './fleets-page'

export const metadata: Metadata = { title: 'Operator' }

export default function Page() {
  return (
    <Suspense>
      <FleetsPage />
    </Suspense>
  )
}
