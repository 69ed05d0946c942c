import type { Metadata } from 'next'
import { PasskeyPage } from '../_wallet/passkey-page'

export const metadata: Metadata = { title: 'Sign in' }

export default function Page() {
  return <PasskeyPage mode="sign-in" />
}
