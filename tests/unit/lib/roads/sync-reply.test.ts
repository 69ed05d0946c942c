import { expect, test } from 'vitest'
import { toBase64Url, utf8 } from '@/lib/core/bytes'
import { parseNews, parseRefusal } from '@/lib/roads/sync-reply'

const text = (word: string): string => toBase64Url(utf8(word))

test('an answer yields the bytes of its messages', () => {
  const body = { acknowledgement: text('a'), trustList: text('t'), revocations: text('r'), policy: text('p') }
  expect(parseNews(JSON.stringify(body))).toEqual({
    ok: true,
    value: { acknowledgement: utf8('a'), trustList: utf8('t'), revocations: utf8('r'), policy: utf8('p') },
  })
})

test('everything that the issuer adds comes along: permits, deltas, a policy to come, a renewed certificate', () => {
  const body = {
    acknowledgement: text('a'),
    nextPolicy: text('n'),
    certificate: text('c'),
    revocationDeltas: [text('d1'), text('d2')],
    permits: [text('p')],
    unheardOf: text('x'),
  }
  expect(parseNews(JSON.stringify(body))).toEqual({
    ok: true,
    value: {
      acknowledgement: utf8('a'),
      nextPolicy: utf8('n'),
      certificate: utf8('c'),
      revocationDeltas: [utf8('d1'), utf8('d2')],
      permits: [utf8('p')],
    },
  })
})

test('messages that the cloud does not have may be absent or null', () => {
  const body = { acknowledgement: text('a'), policy: null }
  expect(parseNews(JSON.stringify(body))).toEqual({ ok: true, value: { acknowledgement: utf8('a') } })
})

test('more permits than one answer may bring are left for the next', () => {
  const permits = Array.from({ length: 101 }, () => text('p'))
  const parsed = parseNews(JSON.stringify({ acknowledgement: text('a'), permits }))
  expect(parsed.ok ? parsed.value.permits?.length : 'refused').toBe(100)
})

test.each([
  ['nothing', ''],
  ['a page', '<html>Sign in to the guest network</html>'],
  ['a list', '[]'],
  ['a number', '7'],
  ['no acknowledgement', '{}'],
  ['an empty acknowledgement', '{"acknowledgement":""}'],
  ['an acknowledgement that is no text', '{"acknowledgement":{}}'],
  ['padded base64', '{"acknowledgement":"YQ=="}'],
  ['permits that are no list', '{"acknowledgement":"YQ","permits":"YQ"}'],
  ['a damaged permit', '{"acknowledgement":"YQ","permits":["YQ",7]}'],
  ['a damaged policy', '{"acknowledgement":"YQ","policy":"*"}'],
  ['permits that are no list', '{"acknowledgement":"YQ","permits":"YQ"}'],
  ['a damaged permit', '{"acknowledgement":"YQ","permits":["YQ","*"]}'],
  ['a permit that is nothing', '{"acknowledgement":"YQ","permits":[null]}'],
])('%s instead of an answer is malformed', (_, body) => {
  const parsed = parseNews(body)
  expect(parsed.ok ? undefined : parsed.error.code).toBe('api.malformed')
})

test('a refusal keeps its code, its facts and the acknowledgement beside it', () => {
  const body = {
    error: { code: 'device.gap', facts: { size: 4, note: 'x', deep: {}, half: 0.5 } },
    acknowledgement: text('held'),
    trustList: text('who signs'),
  }
  expect(parseRefusal(JSON.stringify(body), 409)).toEqual({
    code: 'device.gap',
    facts: { size: 4, note: 'x' },
    acknowledgement: utf8('held'),
    trustList: utf8('who signs'),
    detail: 'Refused with status 409',
  })
})

test.each(['', 'null', '{"error":{"code":"toString"}}', '{"error":"no"}', '<html>502</html>'])(
  'a refusal without a reason of ours means that the cloud was not reached: %s',
  (body) => {
    expect(parseRefusal(body, 502)).toMatchObject({ code: 'api.unreachable', facts: { status: 502 } })
  },
)

test('a flood of facts is left out', () => {
  const facts = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`f${index}`, index]))
  expect(parseRefusal(JSON.stringify({ error: { code: 'device.gap', facts } }), 409).facts).toBeUndefined()
})
