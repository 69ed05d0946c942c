import { expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { rootOf } from '@/lib/log/frontier'
import { acceptBundle, nothingAccepted, type AcceptedLog } from '@/lib/sync/receive'
import { bundleOf, frontierOf, named } from '../../../fixtures/device-log'

const log = named('a', 'b', 'c', 'd', 'e')
const other = named('a', 'b', 'X', 'd', 'e')

const holding = (size: number, of = log): AcceptedLog => ({ frontier: frontierOf(of.slice(0, size)) })

test('the first bundle of a device extends nothing to its events', async () => {
  const acceptance = expectOk(acceptBundle(nothingAccepted, await bundleOf(log, 0, 3)), 'accept')
  expect(acceptance).toEqual({
    kind: 'extended',
    firstSeq: 0,
    events: log.slice(0, 3),
    frontier: frontierOf(log.slice(0, 3)),
  })
})

test('the next bundle continues where the last one ended', async () => {
  const acceptance = expectOk(acceptBundle(holding(3), await bundleOf(log, 3)), 'accept')
  expect(acceptance).toMatchObject({ kind: 'extended', firstSeq: 3, events: log.slice(3) })
})

test('of an overlapping bundle only the new events are taken', async () => {
  const acceptance = expectOk(acceptBundle(holding(3), await bundleOf(log, 1)), 'accept')
  expect(acceptance).toMatchObject({ kind: 'extended', firstSeq: 3, events: log.slice(3) })
})

test('the same bundle again is a duplicate', async () => {
  expect(expectOk(acceptBundle(holding(5), await bundleOf(log, 2)), 'accept')).toEqual({ kind: 'duplicate' })
})

test('a late bundle that ends before what is held is a duplicate', async () => {
  expect(expectOk(acceptBundle(holding(5), await bundleOf(log, 1, 3)), 'accept')).toEqual({
    kind: 'duplicate',
  })
})

test('a bare checkpoint of what is held is a duplicate', async () => {
  expect(expectOk(acceptBundle(holding(5), await bundleOf(log, 5)), 'accept')).toEqual({ kind: 'duplicate' })
})

test('a bundle after missing events is refused as a gap that names what is held', async () => {
  const refused = acceptBundle(holding(1), await bundleOf(log, 3))
  expect(refused.ok ? undefined : refused.error).toEqual({
    code: 'device.gap',
    facts: { size: 1, firstSeq: 3 },
  })
})

test.each([
  ['the same size with another root', 5, 0, 5],
  ['a continuation of another history', 3, 3, 5],
  ['an overlap with another history', 3, 1, 5],
])('%s is refused as a fork', async (_, held, from, to) => {
  const refused = acceptBundle(holding(held), await bundleOf(other, from, to))
  expect(refused.ok ? undefined : refused.error.code).toBe('device.fork')
})

test('a late bundle of another history is a fork where earlier roots are kept', async () => {
  const accepted: AcceptedLog = {
    ...holding(5),
    rootAt: (size) => rootOf(frontierOf(log.slice(0, size))),
  }
  const refused = acceptBundle(accepted, await bundleOf(other, 0, 4))
  expect(refused.ok ? undefined : refused.error.code).toBe('device.fork')
  expect(acceptBundle(accepted, await bundleOf(log, 0, 4)).ok).toBe(true)
})
