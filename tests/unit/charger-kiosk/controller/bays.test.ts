import { describe, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { BayMap, type BayAddress } from '@/charger-kiosk/controller/bays'
import { chargePointIdentity } from '@/charger-kiosk/ocpp/ids'

const a = chargePointIdentity('CP-A')
const b = chargePointIdentity('CP-B')
const address = (bay: number, identity = a, evseId = 1, connectorId = 1): BayAddress => ({
  bay,
  identity,
  evseId,
  connectorId,
})

const site = expectOk(
  BayMap.of([address(1), address(2, a, 2), address(3, b, 1, 1), address(4, b, 1, 2)]),
  'these bays can be told apart',
)

describe('a bay', () => {
  test('is found by the charger that speaks of it, and by its own number', () => {
    expect(site.bayOf(a, 2)).toBe(2)
    expect(site.bayOf(b, 1, 2)).toBe(4)
    expect(site.addressOf(4)).toEqual(address(4, b, 1, 2))
    expect(site.baysOf(b)).toEqual([3, 4])
  })

  test('is found by its EVSE alone, however the charger counts its one connector', () => {
    expect(site.bayOf(a, 2, 7)).toBe(2)
  })

  test('is not guessed: not for the whole charger, not among two connectors, not for a stranger', () => {
    expect(site.bayOf(a, 0)).toBeUndefined()
    expect(site.bayOf(b, 1)).toBeUndefined()
    expect(site.bayOf(b, 1, 3)).toBeUndefined()
    expect(site.bayOf(chargePointIdentity('CP-C'), 1)).toBeUndefined()
  })
})

describe('bays that cannot be told apart are refused', () => {
  test.each([
    ['two of one number', [address(1), address(1, b)], 'duplicate-bay'],
    ['two of one socket', [address(1), address(2)], 'duplicate-socket'],
    ['one without a number', [address(0)], 'bad-number'],
    ['one at the whole charger', [address(1, a, 0)], 'bad-number'],
    ['none at all', [], 'no-bay'],
  ])('%s', (_name, addresses, code) => {
    expect(BayMap.of(addresses)).toMatchObject({ ok: false, error: { code } })
  })
})
