import { expect, test } from 'vitest'
import { addressOf, askedOf, filterOf } from '@/app/(fleet)/fleet/sessions/session-query'

const read = (text: string) => filterOf(new URLSearchParams(text))

test('an address says which sessions, and is written back as it was', () => {
  const text = 'state=settled&site=kinross&from=2026-08-01&to=2026-08-31&search=Ailsa'
  expect(addressOf(read(text))).toBe(`/fleet/sessions?${text}`)
  expect(addressOf(read(''))).toBe('/fleet/sessions')
})

test('whatever else stands in an address narrows nothing', () => {
  const rubbish = 'state=gone&site=../x&from=2026-13-45&to=tomorrow&driver=%27;drop&token=abc&more=1'
  expect(addressOf(read(rubbish))).toBe('/fleet/sessions')
})

test('days are days in UTC, and the last one counts whole', () => {
  expect(askedOf(read('from=2026-08-01&to=2026-08-01'))).toEqual({ fromS: '1785542400', toS: '1785628800' })
  expect(askedOf(read('driver=0123456789abcdef'))).toEqual({ driver: '0123456789abcdef' })
})
