/**
 * Gives every page its content security policy, from what the build wrote down (scripts/build/page-policies.mjs): the
 * hashes of its own scripts for a static page, a fresh nonce for one that is drawn on request. A script that gets into
 * a page runs neither here nor from what the service worker keeps, which keeps this header too.
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NextResponse, type NextRequest } from 'next/server'

interface PagePolicies {
  readonly pages: Readonly<Record<string, string>>
  readonly others: string
}

const header = 'content-security-policy'
const noncePlace = '{nonce}'

/** Without the file no page could run: rather none is given out than one without protection. */
const policies = JSON.parse(
  readFileSync(join(process.cwd(), '.next/page-policies.json'), 'utf8'),
) as PagePolicies

const policyOf = (path: string): string =>
  (Object.hasOwn(policies.pages, path) ? policies.pages[path] : undefined) ?? policies.others

export function proxy(request: NextRequest): NextResponse {
  const policy = policyOf(request.nextUrl.pathname)
  if (!policy.includes(noncePlace)) return NextResponse.next({ headers: { [header]: policy } })
  const fresh = policy.replaceAll(noncePlace, btoa(crypto.randomUUID()))
  // The framework reads the nonce from the request and puts it on the scripts that it writes.
  const headers = new Headers(request.headers)
  headers.set(header, fresh)
  return NextResponse.next({ request: { headers }, headers: { [header]: fresh } })
}

/** Pages alone: what is no document has the fixed policy of next.config.js. */
export const config = {
  matcher: ['/((?!api/|_next/|icons/|zxing/|sw\\.js$|manifest\\.webmanifest$).*)'],
}
