/** `/fleet/drivers`: who drives for the fleet, and in which vehicles. */

import type { Metadata } from 'next'
import { Suspense } from 'react'
import { DriversPage } from './drivers-page'

export const metadata: Metadata = { title: 'Drivers' }

export default function Page() {
  return (
    <Suspense>
      <DriversPage />
    </Suspense>
  )
}
