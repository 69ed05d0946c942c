/** `/operator/cases/view?id=…`: one case. */

import type { Metadata } from 'next'
import { Suspense } from 'react'
import { CasePage } from './case-page'

export const metadata: Metadata = { title: 'Case' }

export default function Page() {
  return (
    <Suspense>
      <CasePage />
    </Suspense>
  )
}
