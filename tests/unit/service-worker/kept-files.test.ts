import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { htmlFile, keptRoutes } from '@/service-worker/kept-routes.mjs'
import { pageAssets } from '@/service-worker/page-assets.mjs'

let next: string

beforeEach(() => {
  next = mkdtempSync(join(tmpdir(), 'next-'))
})
afterEach(() => rmSync(next, { recursive: true }))

function write(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(next, file)), { recursive: true })
    writeFileSync(join(next, file), text)
  }
}

const built = (routes: Readonly<Record<string, string>>) => ({
  'app-path-routes-manifest.json': JSON.stringify(routes),
})

test('the driver app and the verify page are kept, nothing else', () => {
  write({
    ...built({
      '/(driver)/page': '/',
      '/(driver)/receipts/view/page': '/receipts/view',
      '/verify/page': '/verify',
      '/demo/page': '/demo',
      '/fleet/page': '/fleet',
      '/gallery/page': '/gallery',
      '/api/v1/trust/route': '/api/v1/trust',
      '/verify/image/route': '/verify/image',
    }),
    'server/app/index.html': '',
    'server/app/receipts/view.html': '',
    'server/app/verify.html': '',
  })
  expect(keptRoutes(next)).toEqual(['/', '/receipts/view', '/verify'])
  expect(htmlFile('/')).toBe('server/app/index.html')
})

test('a page of the driver app that needs the server stops the build by name', () => {
  write(built({ '/(driver)/session/[id]/page': '/session/[id]' }))
  expect(() => keptRoutes(next)).toThrow('/session/[id]: rendered on request')
})

test('everything that a page can ever load is found, what loads later included', () => {
  write({
    'server/app/verify.html':
      '<script src="/_next/static/chunks/first-_~.js"></script><link href="/_next/static/chunks/style.css">',
    'static/chunks/first-_~.js': 'const later = ["static/chunks/later.js"]',
    'static/chunks/later.js': 'load("static/chunks/words.js"), load("static/chunks/first-_~.js")',
    'static/chunks/words.js': '',
    'static/chunks/style.css':
      "@font-face{src:url(../media/font.woff2)format('woff2'),url(data:font/woff2;base64,AA)}",
    'static/media/font.woff2': '',
    'static/chunks/gallery-only.js': '',
  })
  expect(pageAssets(next, ['server/app/verify.html'])).toEqual([
    'static/chunks/first-_~.js',
    'static/chunks/later.js',
    'static/chunks/style.css',
    'static/chunks/words.js',
    'static/media/font.woff2',
  ])
})

test('a name that no file has is not an asset', () => {
  write({ 'server/app/verify.html': 'static/chunks/gone.js' })
  expect(pageAssets(next, ['server/app/verify.html'])).toEqual([])
})
