/** The cookie that says who is signed in: a random token, readable by no script, sent to no other site. */

import type { CloudConfig } from '@/lib/cloud/config'
import { accountOfToken } from '@/lib/cloud/accounts/queries'
import type { Cloud } from '@/lib/cloud/context'

export const signInCookieName = 'outpost_session'
const tokenPattern = /^[A-Za-z0-9_-]{43}$/

export function signInCookie(
  config: CloudConfig,
  token: string,
  lifeS: number,
): Readonly<Record<string, string>> {
  const secure = config.isHttps ? '; Secure' : ''
  return {
    'set-cookie': `${signInCookieName}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${lifeS}${secure}`,
  }
}

export const signOutCookie = (config: CloudConfig): Readonly<Record<string, string>> =>
  signInCookie(config, '', 0)

export function tokenOf(request: Request): string | undefined {
  for (const part of (request.headers.get('cookie') ?? '').slice(0, 4_096).split(';')) {
    const [name, value] = part.trim().split('=', 2)
    if (name === signInCookieName && value !== undefined && tokenPattern.test(value)) return value
  }
  return undefined
}

export async function signedInAccount(cloud: Cloud, request: Request): Promise<string | undefined> {
  const token = tokenOf(request)
  return token === undefined ? undefined : accountOfToken(cloud, token)
}

/**
 * Browsers name the page that sends a write; one of another origin must not act in our user's name. What is no
 * browser sends no origin, and has no cookie that it was not given.
 */
export function isForeignWrite(config: CloudConfig, request: Request): boolean {
  const origin = request.headers.get('origin')
  if (origin === null) return false
  return origin !== config.origin && originHost(origin) !== request.headers.get('host')
}

function originHost(origin: string): string | undefined {
  try {
    return new URL(origin).host
  } catch {
    return undefined
  }
}
