/** The document around every page: language, theme, type and nothing else. Each area brings its own providers. */

import latinType from '@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2'
import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import { preload } from 'react-dom'
import { themeScript } from '@/components/ui/theme-script'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'Outpost', template: '%s · Outpost' },
  description: 'Charge an electric car where there is no signal, and pay exactly once.',
  applicationName: 'Outpost',
  formatDetection: { telephone: false },
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  viewportFit: 'cover',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#faf8f2' },
    { media: '(prefers-color-scheme: dark)', color: '#0d1311' },
  ],
}

export default function RootLayout({ children }: { children: ReactNode }) {
  // The stylesheet names the same file (theme.css); asking for it at once saves a round trip.
  preload(latinType, { as: 'font', type: 'font/woff2', crossOrigin: 'anonymous' })
  return (
    // The script sets data-theme and lang before React wakes up, so React must not complain about them.
    <html lang="en" suppressHydrationWarning>
      <head>
        <script dangerouslySetInnerHTML={{ __html: themeScript }} />
      </head>
      <body>{children}</body>
    </html>
  )
}
