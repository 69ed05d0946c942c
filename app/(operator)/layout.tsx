/** The operator's own console: who may look is asked once for all its pages. */

import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import { ConsoleShell } from '../_console/console-shell'
import { signInCookieNames } from '../api/sign-in-cookie'

/** Whether this is the demonstration is known when the server starts, not when it is built. */
export const dynamic = 'force-dynamic'

export default async function OperatorLayout({ children }: { readonly children: ReactNode }) {
  const jar = await cookies()
  const mayBeSignedIn = signInCookieNames.some((name) => jar.has(name))
  return (
    <ConsoleShell kind="operator" demo={process.env['OUTPOST_DEMO'] === '1'} mayBeSignedIn={mayBeSignedIn}>
      {children}
    </ConsoleShell>
  )
}
