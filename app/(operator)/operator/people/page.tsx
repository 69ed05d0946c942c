/** `/operator/people`: who belongs to the operator's organisation, and what they did. */

import type { Metadata } from 'next'
import { Suspense } from 'react'
import { PeoplePage } from '../../../_console/people/people-page'

export const metadata: Metadata = { title: 'People' }

export default function Page() {
  return (
    <Suspense>
      <PeoplePage />
    </Suspense>
  )
}
