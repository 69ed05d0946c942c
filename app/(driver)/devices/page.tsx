import type { Metadata } from 'next'
import { DevicesPage } from './devices-page'

export const metadata: Metadata = { title: 'Passkeys and phones' }

export default function Page() {
  return <DevicesPage />
}
