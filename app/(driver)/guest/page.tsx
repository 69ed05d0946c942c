import type { Metadata } from 'next'
import { GuestPage } from './guest-page'

export const metadata: Metadata = { title: 'Pay by card' }

export default function Page() {
  return <GuestPage />
}
