import type { Metadata } from 'next'
import { Suspense } from 'react'
import { ReceiptPage } from './receipt-page'

export const metadata: Metadata = { title: 'Receipt' }

export default function Page() {
  return (
    // Which receipt is asked for is known in the browser alone: the page itself is static.
    <Suspense>
      <ReceiptPage />
    </Suspense>
  )
}
