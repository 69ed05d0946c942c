import type { Metadata } from 'next'
import { ReceiptsPage } from './receipts-page'

export const metadata: Metadata = { title: 'Receipts' }

export default function Page() {
  return <ReceiptsPage />
}
