import type { Metadata } from 'next'
import { TopUpPage } from './top-up-page'

export const metadata: Metadata = { title: 'Add funds' }

export default function Page() {
  return <TopUpPage />
}
