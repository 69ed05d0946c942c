/** `/fleet/sessions/view?id=…`: the evidence of one session. */

import type { Metadata } from 'next'
import { EvidencePage } from './evidence-page'

export const metadata: Metadata = { title: 'Session' }

export default function Page() {
  return <EvidencePage />
}
