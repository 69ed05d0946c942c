import type { Metadata } from 'next'
import { Suspense } from 'react'
import { ReceiptsPage } from './receipts-page'

export const metadata: Metadata = { title: 'Receipts' }

export default function Page() {
  return (
    // The filter is in the address, known in the browser alone: the page itself is static.
    <Suspense>
      <ReceiptsPage />
    </Suspense>
  )
}
