/** `/fleet`: the console of a fleet's manager. */

import type { Metadata } from 'next'
import { FleetPage } from './fleet-page'

export const metadata: Metadata = { title: 'Fleet' }
/** Whether this is the demonstration is known when the server starts, not when it is built. */
export const dynamic = 'force-dynamic'

export default function Fleet() {
  return <FleetPage demo={process.env['OUTPOST_DEMO'] === '1'} />
}
