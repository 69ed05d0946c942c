import type { Metadata } from 'next'
import { CourierPage } from './courier-page'

export const metadata: Metadata = { title: 'Carry news' }

export default function Page() {
  return <CourierPage />
}
