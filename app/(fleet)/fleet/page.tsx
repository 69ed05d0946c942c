/** `/fleet`: a fleet at a glance. */

import type { Metadata } from 'next'
import { Suspense } from 'react'
import { OverviewPage } from './overview-page'

export const metadata: Metadata = { title: 'Fleet' }

export default function Page() {
  return (
    <Suspense>
      <OverviewPage />
    </Suspense>
  )
}
