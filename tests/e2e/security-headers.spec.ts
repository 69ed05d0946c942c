/** What every answer says about itself, whatever it is: a page, a file, an answer of the interface, a fault, or nothing. */

import { expect, test } from 'playwright/test'
import { AppServer } from './harness/app-server'

let app: AppServer

test.beforeAll(async () => {
  app = await AppServer.start()
})
test.afterAll(() => app?.close())

const kinds = [
  ['a page', '/'],
  ['a page drawn on request', '/fleet'],
  ['a page that is not there', '/no-such-page'],
  ['a file', '/manifest.webmanifest'],
  ['the service worker', '/sw.js'],
  ['a file that is not there', '/icons/no-such.png'],
  ['a route that is not there', '/api/v1/no-such-route'],
  ['an answer of the interface', '/api/v1/openapi.json'],
  ['a refusal of the interface', '/api/v1/organisation/people'],
] as const

test('every kind of answer carries its headers', async () => {
  for (const [kind, path] of kinds) {
    const answer = await fetch(`${app.url}${path}`, { redirect: 'manual' })
    await answer.arrayBuffer()
    const header = (name: string): string => answer.headers.get(name) ?? ''
    expect(answer.status, kind).not.toBe(302)
    const policy = header('content-security-policy')
    for (const directive of [
      "default-src 'self'",
      "object-src 'none'",
      "base-uri 'none'",
      'frame-ancestors ',
    ])
      expect(policy, kind).toContain(directive)
    expect(policy, kind).not.toContain('unsafe-inline')
    expect(header('x-content-type-options'), kind).toBe('nosniff')
    expect(header('referrer-policy'), kind).toBe('same-origin')
    expect(header('strict-transport-security'), kind).toBe('max-age=63072000; includeSubDomains')
    expect(header('permissions-policy'), kind).toContain('geolocation=(), microphone=()')
    expect(header('permissions-policy'), kind).toContain('camera=(self)')
    expect(header('cross-origin-opener-policy'), kind).toBe('same-origin')
    expect(header('cross-origin-resource-policy'), kind).toBe('same-origin')
    expect(answer.headers.has('access-control-allow-origin'), kind).toBe(false)
    expect(answer.headers.has('x-powered-by'), kind).toBe(false)
    if (path.startsWith('/api/v1/o')) expect(header('cache-control'), kind).toContain('no-store')
  }
})

test('a page of another origin is allowed nothing, also where it asks before', async () => {
  for (const path of ['/api/v1/organisations', '/api/v1/account/sign-in/options', '/']) {
    const asked = await fetch(`${app.url}${path}`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://evil.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    })
    for (const name of ['origin', 'methods', 'headers', 'credentials'])
      expect(asked.headers.has(`access-control-allow-${name}`), `${path} ${name}`).toBe(false)
  }
})
