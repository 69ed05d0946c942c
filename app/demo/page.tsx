/** `/demo`: phone and charger side by side on one screen. Exists only where `npm start` opened the demo. */

import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { DemoPage } from './demo-page'

export const metadata: Metadata = { title: 'Demo' }
/** The addresses of the other processes are known when the server starts, not when it is built. */
export const dynamic = 'force-dynamic'

export default function Demo() {
  if (process.env['OUTPOST_DEMO'] !== '1') notFound()
  return (
    <DemoPage
      controlUrl={`http://localhost:${process.env['OUTPOST_DEMO_PORT'] ?? '3199'}`}
      kioskUrl={`http://localhost:${process.env['OUTPOST_KIOSK_PORT'] ?? '3100'}/`}
    />
  )
}
