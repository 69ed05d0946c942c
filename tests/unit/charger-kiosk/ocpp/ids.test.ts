import { expect, test } from 'vitest'
import { amperes, chargePointIdentity, connectorId, idTag, transactionId } from '@/charger-kiosk/ocpp/ids'

test('Names and numbers outside what OCPP can carry are refused', () => {
  for (const text of ['', 'a:b', 'a/b', 'x'.repeat(49), ' CP'])
    expect(() => chargePointIdentity(text)).toThrow(RangeError)
  for (const text of ['', 'x'.repeat(21)]) expect(() => idTag(text)).toThrow(RangeError)
  for (const value of [0, -1, 1.5, 2 ** 31]) expect(() => transactionId(value)).toThrow(RangeError)
  for (const value of [-1, 256, 0.5]) expect(() => connectorId(value)).toThrow(RangeError)
  expect(() => amperes(-1)).toThrow(RangeError)
})

test('The first 20 hex digits of a session id are an id tag', () => {
  expect(idTag('0123456789abcdef0123')).toHaveLength(20)
})
