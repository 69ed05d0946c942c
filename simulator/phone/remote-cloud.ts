/** The phone's cloud port over HTTP from Node, with the cookie that a browser would keep. */

import type { CloudPort } from '@/lib/wallet/cloud-port'
import { httpCloud } from '@/lib/wallet/http-cloud'

/** @param origin of a running cloud, for example `http://localhost:3000`. */
export function remoteCloud(origin: string): CloudPort {
  const cookies = new Map<string, string>()
  return httpCloud(async (path, init) => {
    const headers = new Headers(init.headers)
    if (cookies.size > 0) headers.set('cookie', [...cookies].map((pair) => pair.join('=')).join('; '))
    headers.set('origin', origin)
    const response = await fetch(new URL(path, origin), { ...init, headers })
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=;]+)=([^;]*)/.exec(line) ?? []
      if (name !== undefined && value !== undefined) cookies.set(name, value)
    }
    return response
  })
}
