/** `/fleet/sessions`: what the fleet's drivers charged. */

import type { Metadata } from 'next'
import { SessionsPage } from './sessions-page'

export const metadata: Metadata = { title: 'Sessions' }

export default function Page() {
  return <SessionsPage />
}
