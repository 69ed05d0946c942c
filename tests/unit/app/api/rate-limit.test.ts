import { expect, test } from 'vitest'
import { isTooMany, isTooManyOf, rates, type Rate } from '@/app/api/rate-limit'

const minuteMs = 60_000
const from = (headers: Record<string, string>) => new Request('http://localhost:3000/', { headers })
const heard = (address: string) => from({ 'x-forwarded-for': address })

test.each(Object.keys(rates) as Rate[])('one address may call %s so often and no more', (kind) => {
  const { perAddress } = rates[kind]
  const asked = Array.from({ length: perAddress + 3 }, () =>
    isTooMany(kind, heard('10.3.0.1'), 10 * minuteMs, 1),
  )
  expect(asked.indexOf(true)).toBe(perAddress)
})

test.each(Object.keys(rates) as Rate[])('all addresses together may call %s so often and no more', (kind) => {
  const { together } = rates[kind]
  const asked = Array.from({ length: together + 3 }, (_, index) =>
    isTooMany(kind, heard(`10.4.${index >> 8}.${index & 255}`), 20 * minuteMs, 1),
  )
  expect(asked.indexOf(true)).toBe(together)
})

test.each([
  ['x-real-ip', 30],
  ['forwarded', 31],
  ['x-client-ip', 32],
  ['true-client-ip', 33],
  ['cf-connecting-ip', 34],
  ['user-agent', 35],
])('another %s header makes nobody somebody else', (name, minute) => {
  const { perAddress } = rates.recovery
  const nowMs = minute * minuteMs
  const asked = Array.from({ length: perAddress + 1 }, (_, index) =>
    isTooMany('recovery', from({ 'x-forwarded-for': '10.5.0.1', [name]: `10.6.0.${index}` }), nowMs, 1),
  )
  expect(asked.filter(Boolean)).toHaveLength(1)
})

test('whoever has a whole IPv6 network counts as one', () => {
  const { perAddress } = rates.recovery
  const network = Array.from({ length: perAddress + 1 }, (_, index) =>
    isTooMany('recovery', heard(`2001:db8:0:7::${index + 1}`), 100 * minuteMs, 1),
  )
  expect(network.filter(Boolean)).toHaveLength(1)
  expect(isTooMany('recovery', heard('2001:0DB8:0000:0007:aaaa::1'), 100 * minuteMs, 1)).toBe(true)
  expect(isTooMany('recovery', heard('[2001:db8:0:7::9]:4711'), 100 * minuteMs, 1)).toBe(true)
  expect(isTooMany('recovery', heard('2001:db8:0:8::1'), 100 * minuteMs, 1)).toBe(false)
})

test('an IPv4 address is one, with its port, and written as IPv6', () => {
  const { perAddress } = rates.recovery
  const ways = ['192.0.2.9', '192.0.2.9:1024', '::ffff:192.0.2.9']
  const asked = Array.from({ length: perAddress + 1 }, (_, index) =>
    isTooMany('recovery', heard(ways[index % 3] ?? ''), 110 * minuteMs, 1),
  )
  expect(asked.filter(Boolean)).toHaveLength(1)
})

test.each([
  ['person', 600],
  ['organisation', 6_000],
  ['exports', 60],
] as const)('somebody who is known may ask %s %i times a minute, from wherever', (kind, most) => {
  const ask = (who: string, nowMs: number) => isTooManyOf(kind, who, nowMs)
  const asked = Array.from({ length: most + 1 }, () => ask('ada', minuteMs))
  expect(asked.indexOf(true)).toBe(most)
  expect(ask('eve', minuteMs)).toBe(false)
  expect(ask('ada', 2 * minuteMs)).toBe(false)
})
