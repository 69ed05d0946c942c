/** The cookie that says who is signed in: a random token, readable by no script, sent to no other site. */

import { accountOfToken, type Reach } from '@/lib/cloud/accounts/sign-ins'
import type { CloudConfig } from '@/lib/cloud/config'
import type { Cloud } from '@/lib/cloud/context'

const plainName = 'outpost_session'
/** With this prefix no sibling host can set it, and none without TLS (RFC 6265bis, section 4.1.3.2). */
const secureName = '__Host-outpost_session'
const tokenPattern = /^[A-Za-z0-9_-]{43}$/

type Site = Pick<CloudConfig, 'isHttps'>

export const signInCookieName = ({ isHttps }: Site): string => (isHttps ? secureName : plainName)

/** For what only wants to know whether it is worth asking. */
export const signInCookieNames = [plainName, secureName] as const

export function signInCookie(site: Site, token: string, lifeS: number): Readonly<Record<string, string>> {
  const secure = site.isHttps ? '; Secure' : ''
  const name = signInCookieName(site)
  return { 'set-cookie': `${name}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${lifeS}${secure}` }
}

export const signOutCookie = (site: Site): Readonly<Record<string, string>> => signInCookie(site, '', 0)

export function tokenOf(site: Site, request: Request): string | undefined {
  const wanted = signInCookieName(site)
  for (const part of (request.headers.get('cookie') ?? '').slice(0, 4_096).split(';')) {
    const [name, value] = part.trim().split('=', 2)
    if (name === wanted && value !== undefined && tokenPattern.test(value)) return value
  }
  return undefined
}

export async function signedInAccount(
  cloud: Cloud,
  request: Request,
  reach?: Reach,
): Promise<string | undefined> {
  const token = tokenOf(cloud.config, request)
  return token === undefined ? undefined : accountOfToken(cloud, token, reach)
}

/**
 * Whether a page that is not ours sends this write in our user's name. Browsers name the page's origin and, newer ones, how
 * it stands to us; a page of another site or of a sibling host must not act. What names neither is no browser of today: it
 * passes if it declares JSON, which no form can send and no foreign page without leave that we never give.
 */
export function isForeignWrite(config: CloudConfig, request: Request): boolean {
  const fetchSite = request.headers.get('sec-fetch-site')
  if (fetchSite !== null && fetchSite !== 'same-origin' && fetchSite !== 'none') return true
  const origin = request.headers.get('origin')
  if (origin !== null) return !isOurs(config, origin, request.headers.get('host'))
  return fetchSite !== 'same-origin' && !isJson(request)
}

/** Declared as JSON, with or without a character set. */
export const isJson = (request: Request): boolean =>
  /^application\/json(?:\s*;|$)/i.test(request.headers.get('content-type') ?? '')

/** The configured address, or the one that the browser itself used; where we are reached by TLS, never without it. */
function isOurs(config: CloudConfig, origin: string, host: string | null): boolean {
  if (origin === config.origin) return true
  try {
    const url = new URL(origin)
    return url.host === host && (!config.isHttps || url.protocol === 'https:')
  } catch {
    return false
  }
}
