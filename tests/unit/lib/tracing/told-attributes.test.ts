import { expect, test } from 'vitest'
import { toldAttributes, toldName } from '@/lib/tracing/told-attributes'

test('routes, results and our own counts are told; addresses, paths and queries are not', () => {
  const attributes = {
    'http.route': '/api/v1/fleet/drivers/[driverId]',
    'http.status_code': 200,
    'http.target': '/api/v1/fleet/drivers/5f3a?search=Ailsa',
    'net.peer.ip': '192.0.2.7',
    'outpost.items': 3,
    'user_agent.original': 'Somebody’s phone',
  }
  expect(toldAttributes(attributes)).toEqual({
    'http.route': '/api/v1/fleet/drivers/[driverId]',
    'http.status_code': 200,
    'outpost.items': 3,
  })
})

test.each([
  ['reconcile', {}, 'reconcile'],
  ['GET /fleet/drivers/5f3a', { 'http.route': '/fleet/drivers/[driverId]' }, 'GET /fleet/drivers/[driverId]'],
  ['GET /fleet/drivers/5f3a', {}, 'GET'],
  ['/fleet/drivers/5f3a', { 'next.route': '/fleet/drivers/[driverId]' }, 'span /fleet/drivers/[driverId]'],
  ['/fleet/drivers/5f3a', {}, ''],
])('the name %j with %j is told as %j', (name, attributes, told) => {
  expect(toldName(name, attributes)).toBe(told)
})
