/** `/verify`: anybody checks any receipt, in the browser, without a network. */

import type { Metadata } from 'next'
import { VerifyPage } from './verify-page'

export const metadata: Metadata = {
  title: 'Check a receipt',
  description: 'Checks an Outpost receipt in your browser: who signed it, and whether the amount is right.',
  manifest: '/manifest.webmanifest',
  icons: { icon: [{ url: '/icons/outpost.svg', type: 'image/svg+xml' }] },
}

export default function Verify() {
  return <VerifyPage />
}
