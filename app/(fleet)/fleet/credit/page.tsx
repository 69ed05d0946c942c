/** `/fleet/credit`: what is free, how more comes in, and what the months held. */

import type { Metadata } from 'next'
import { Suspense } from 'react'
import { CreditPage } from './credit-page'

export const metadata: Metadata = { title: 'Credit' }

export default function Page() {
  return (
    <Suspense>
      <CreditPage />
    </Suspense>
  )
}
