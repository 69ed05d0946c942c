/** `/fleet/people`: who belongs to the fleet, and what they did. */

import type { Metadata } from 'next'
import { PeoplePage } from '../../../_console/people/people-page'

export const metadata: Metadata = { title: 'People' }

export default function Page() {
  return <PeoplePage />
}
