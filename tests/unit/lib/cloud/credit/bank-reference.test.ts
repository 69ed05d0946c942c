import { expect, test } from 'vitest'
import fc from 'fast-check'
import { findReference, isIban, referenceOf, remainder97, spaced } from '@/lib/cloud/credit/bank-reference'

test('the standard’s own example has sound check digits', () => {
  expect(remainder97('539007547034RF18')).toBe(1)
})

test('a reference is found however it was typed, wherever it stands', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 99_999_999 }),
      fc.constantFrom('', 'Invoice 2026 ', 'thanks, ', '2026/'),
      fc.constantFrom('', ' 4711', ' sept'),
      fc.boolean(),
      (fleetNumber, before, after, isSmall) => {
        const typed = `${before}${spaced(referenceOf(fleetNumber))}${after}`
        expect(findReference(isSmall ? typed.toLowerCase() : typed)).toEqual({ kind: 'fleet', fleetNumber })
      },
    ),
  )
})

test('one wrong digit never finds another fleet', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 99_999_999 }),
      fc.integer({ min: 2, max: 11 }),
      fc.integer({ min: 1, max: 9 }),
      (fleetNumber, place, shift) => {
        const right = referenceOf(fleetNumber)
        const digit = (Number(right[place]) + shift) % 10
        const wrong = `${right.slice(0, place)}${digit}${right.slice(place + 1)}`
        expect(findReference(wrong)).toEqual({ kind: 'wrong-check' })
      },
    ),
  )
})

test('two references in one text are nobody’s, the same one twice is its fleet’s', () => {
  expect(findReference(`${referenceOf(1)} ${referenceOf(2)}`)).toEqual({ kind: 'several' })
  expect(findReference(`${referenceOf(7)} / ${referenceOf(7)}`)).toEqual({ kind: 'fleet', fleetNumber: 7 })
  expect(findReference('rent for september')).toEqual({ kind: 'none' })
})

test('an IBAN is told from one with a slip', () => {
  expect(isIban('GB82 WEST 1234 5698 7654 32')).toBe(true)
  expect(isIban('GB82 WEST 1234 5698 7654 23')).toBe(false)
  expect(isIban('')).toBe(false)
})
