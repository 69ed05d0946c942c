import type { Metadata } from 'next'
import { ChargePage } from './charge-page'

export const metadata: Metadata = { title: 'Charge' }

export default function Page() {
  return <ChargePage />
}
