import type { Metadata } from 'next'
import { TripPage } from './trip-page'

export const metadata: Metadata = { title: 'Prepare a trip' }

export default function Page() {
  return <TripPage />
}
