/** The consoles of fleets: who may look is asked once for all their pages. */

import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import { ConsoleShell } from '../_console/console-shell'
import { signInCookieNames } from '../api/sign-in-cookie'

/** Whether this is the demonstration is known when the server starts, not when it is built. */
export const dynamic = 'force-dynamic'

export default async function FleetLayout({ children }: { readonly children: ReactNode }) {
  const jar = await cookies()
  const mayBeSignedIn = signInCookieNames.some((name) => jar.has(name))
  return (
    <ConsoleShell kind="fleet" demo={process.env['OUTPOST_DEMO'] === '1'} mayBeSignedIn={mayBeSignedIn}>
      {children}
    </ConsoleShell>
  )
}
