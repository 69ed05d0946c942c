import { expect, test } from 'vitest'
import { payloadPath } from '@/service-worker/payload-path'

test.each([
  ['/', null, '/_next/static/offline/index.rsc.txt'],
  ['/verify', null, '/_next/static/offline/verify.rsc.txt'],
  ['/receipts/view', null, '/_next/static/offline/receipts/view.rsc.txt'],
  ['/', '/_tree', '/_next/static/offline/index.segments/_tree.segment.rsc.txt'],
  ['/verify', '/verify/__PAGE__', '/_next/static/offline/verify.segments/verify/__PAGE__.segment.rsc.txt'],
  [
    '/charge',
    '/!KGRyaXZlcik/charge/__PAGE__',
    '/_next/static/offline/charge.segments/!KGRyaXZlcik/charge/__PAGE__.segment.rsc.txt',
  ],
])('%s with part %s is kept at %s', (pathname, part, file) => {
  expect(payloadPath(pathname, part)).toBe(file)
})

test.each(['', '_tree', '/', '//', '/../../secret', '/a b', '/a?b', `/${'a/'.repeat(40)}`])(
  'a part named %j is none of ours',
  (part) => {
    expect(payloadPath('/verify', part)).toBeUndefined()
  },
)
