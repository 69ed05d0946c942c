import { expect, test } from 'vitest'
import { policiesOf } from '@/scripts/build/page-policies.mjs'

const pages = {
  '/': '<script>home()</script>',
  '/gallery': '<script>gallery()</script>',
  '/_not-found': '<script>theme()</script>',
}
const product = policiesOf(pages, false)
const demo = policiesOf(pages, true)

const directive = (policy: string | undefined, name: string): string =>
  policy
    ?.split('; ')
    .find((part) => part.startsWith(`${name} `))
    ?.slice(name.length + 1) ?? ''

const every = [...Object.values(product.pages), product.others, ...Object.values(demo.pages), demo.others]

test('no page runs unnamed scripts or takes styles from itself', () => {
  for (const policy of every) {
    expect(policy).not.toContain('unsafe-inline')
    expect(policy).not.toContain("'unsafe-eval'")
    expect(directive(policy, 'style-src')).toBe("'self'")
  }
})

test('a static page names its own scripts and no nonce; others get a nonce', () => {
  expect(directive(product.pages['/'], 'script-src')).toMatch(/^'self' 'wasm-unsafe-eval' 'sha256-\S+'$/)
  expect(product.pages['/']).not.toContain('nonce')
  expect(directive(product.others, 'script-src')).toContain("'nonce-{nonce}'")
})

test('a missing page under any path may run the script that every page has', () => {
  const hash = /'sha256-\S+'/.exec(product.pages['/_not-found'] ?? '')?.[0] ?? 'none'
  expect(product.others).toContain(hash)
})

test('a product talks to nobody else and is shown in nobody’s frame', () => {
  for (const [path, policy] of [...Object.entries(product.pages), ['others', product.others] as const]) {
    expect(directive(policy, 'connect-src'), path).toBe("'self'")
    if (path !== '/gallery') expect(directive(policy, 'frame-ancestors'), path).toBe("'none'")
  }
  expect(product.pages['/demo']).toBeUndefined()
})

test('in a demo build the demo page alone reaches other ports', () => {
  expect(directive(demo.pages['/demo'], 'connect-src')).toContain('http://localhost:*')
  expect(directive(demo.pages['/'], 'connect-src')).toBe("'self'")
  expect(directive(demo.others, 'connect-src')).toBe("'self'")
  expect(directive(demo.pages['/'], 'frame-ancestors')).toBe("'self'")
})
