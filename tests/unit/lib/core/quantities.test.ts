import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { equalBytes, fromBase64Url, fromHex, toBase64Url, toHex } from '@/lib/core/bytes'
import { minorUnitExponent } from '@/lib/core/currency'
import { divide } from '@/lib/core/divide'
import { chargerId, currencyCode, sessionId } from '@/lib/core/ids'
import { reasonFromWire, reasons, type ReasonCode } from '@/lib/core/reason-codes'
import { addMinor, epochSeconds, minorUnits, subtractMinor, wattHours } from '@/lib/core/units'

describe('units', () => {
  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%s is no energy', (value) => {
    expect(() => wattHours(value)).toThrow(RangeError)
  })

  test('a balance may be negative, a time may not', () => {
    expect(minorUnits(-5)).toBe(-5)
    expect(() => epochSeconds(-5)).toThrow(RangeError)
  })

  test('sums that leave the safe integers are refused instead of rounded', () => {
    const most = minorUnits(Number.MAX_SAFE_INTEGER)
    expect(() => addMinor(most, minorUnits(1))).toThrow(RangeError)
    expect(() => subtractMinor(minorUnits(Number.MIN_SAFE_INTEGER), minorUnits(1))).toThrow(RangeError)
    expect(addMinor(minorUnits(1), minorUnits(2), minorUnits(-3))).toBe(0)
  })

  test('seconds go past 2038', () => {
    expect(epochSeconds(4_102_444_800)).toBe(4_102_444_800)
  })
})

describe('division', () => {
  test.each([
    [7n, 2n, 'down', 3n],
    [7n, 2n, 'up', 4n],
    [7n, 2n, 'half-up', 4n],
    [10n, 4n, 'half-up', 3n],
    [9n, 4n, 'half-up', 2n],
    [8n, 4n, 'up', 2n],
  ] as const)('%s / %s rounded %s is %s', (dividend, divisor, rounding, quotient) => {
    expect(divide(dividend, divisor, rounding)).toBe(quotient)
  })

  test('nothing is divided by zero or below it', () => {
    expect(() => divide(1n, 0n, 'down')).toThrow(RangeError)
    expect(() => divide(-1n, 2n, 'down')).toThrow(RangeError)
  })
})

describe('bytes as text', () => {
  test('hex and base64url come back equal', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(equalBytes(fromHex(toHex(bytes)), bytes)).toBe(true)
        expect(toHex(fromBase64Url(toBase64Url(bytes)) ?? new Uint8Array(1))).toBe(toHex(bytes))
      }),
    )
  })

  test.each(['A', 'AA=', 'A+', 'AB', 'é'])('%s is no base64url of ours', (text) => {
    expect(fromBase64Url(text)).toBeUndefined()
  })

  test.each(['A', 'AB', '0', 'zz'])('%s is no lower-case hex of whole bytes', (text) => {
    expect(() => fromHex(text)).toThrow(RangeError)
  })
})

describe('identifiers', () => {
  test('each has its own alphabet and length', () => {
    expect(() => sessionId('AB'.repeat(16))).toThrow(RangeError)
    expect(() => chargerId('../etc')).toThrow(RangeError)
    expect(() => currencyCode('eur')).toThrow(RangeError)
    expect(chargerId('KIN-01')).toBe('KIN-01')
  })

  test('a currency that is not listed has no exponent, not even an inherited one', () => {
    expect(minorUnitExponent('EUR')).toBe(2)
    expect(minorUnitExponent('XXX')).toBeUndefined()
    expect(minorUnitExponent('toString')).toBeUndefined()
  })
})

describe('reasons', () => {
  const all = Object.keys(reasons) as ReasonCode[]

  test('no two share a code or a wire number, and the two agree', () => {
    expect(new Set(all.map((code) => reasons[code].code)).size).toBe(all.length)
    expect(new Set(all.map((code) => reasons[code].wire)).size).toBe(all.length)
    for (const code of all) expect(reasons[code].code).toMatch(new RegExp(`^[A-Z]-${reasons[code].wire}$`))
  })

  test('each is found by its wire number', () => {
    for (const code of all) expect(reasonFromWire(reasons[code].wire)).toBe(code)
    expect(reasonFromWire(0)).toBeUndefined()
  })
})
