import type { Metadata } from 'next'
import { PasskeyPage } from '../_wallet/passkey-page'

export const metadata: Metadata = { title: 'Create an account' }

export default function Page() {
  return <PasskeyPage mode="create" />
}
