/** Everything that a driver sees. Static pages, so that the service worker can keep them all. */

import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { DriverFrame } from './_wallet/driver-frame'

export const metadata: Metadata = {
  manifest: '/manifest.webmanifest',
  icons: {
    icon: [{ url: '/icons/outpost.svg', type: 'image/svg+xml' }],
    apple: [{ url: '/icons/apple-touch-icon.png', sizes: '180x180' }],
  },
  appleWebApp: { capable: true, title: 'Outpost', statusBarStyle: 'default' },
}

export default function DriverLayout({ children }: { readonly children: ReactNode }) {
  return <DriverFrame>{children}</DriverFrame>
}
