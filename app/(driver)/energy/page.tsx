import type { Metadata } from 'next'
import { EnergyPage } from './energy-page'

export const metadata: Metadata = { title: 'Energy and cost' }

export default function Page() {
  return <EnergyPage />
}
