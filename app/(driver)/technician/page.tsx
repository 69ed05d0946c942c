import type { Metadata } from 'next'
import { TechnicianPage } from './technician-page'

export const metadata: Metadata = { title: 'Technician' }

export default function Page() {
  return <TechnicianPage />
}
