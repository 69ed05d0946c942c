import type { Metadata } from 'next'
import { ClaimPage } from './claim-page'

export const metadata: Metadata = { title: 'Join a fleet' }

export default function Page() {
  return <ClaimPage />
}
