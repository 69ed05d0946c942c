/** `/fleet`: the console of a fleet's manager. */

import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { signInCookieName } from '../api/sign-in-cookie'
import { FleetPage } from './fleet-page'

export const metadata: Metadata = { title: 'Fleet' }
/** Whether this is the demonstration is known when the server starts, not when it is built. */
export const dynamic = 'force-dynamic'

export default async function Fleet() {
  const mayBeSignedIn = (await cookies()).has(signInCookieName)
  return <FleetPage demo={process.env['OUTPOST_DEMO'] === '1'} mayBeSignedIn={mayBeSignedIn} />
}
