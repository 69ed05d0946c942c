import type { Metadata } from 'next'
import { WalletPage } from './wallet-page'

export const metadata: Metadata = { title: 'Credit' }

export default function Page() {
  return <WalletPage />
}
