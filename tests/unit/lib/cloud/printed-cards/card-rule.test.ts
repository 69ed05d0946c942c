import { expect, test } from 'vitest'
import {
  printedCard,
  sameTyped,
  shortSerial,
  sumsOf,
  type CardFigures,
} from '@/lib/cloud/printed-cards/card-rule'

const nowS = 1_000_000

const card = (change: Partial<CardFigures> = {}) =>
  printedCard(
    {
      ...{ serial: 'a3f291c000000007', number: 7, capMinor: 1_500, reservedMinor: 1_500, heldMinor: 0 },
      ...{ returnedMinor: 0, notAfterS: nowS + 10, releaseAfterS: nowS + 30, isReleased: false },
      revocation: undefined,
      ...change,
    },
    nowS,
  )

test('a card is unused, used with a rest, used up, or run out, and nothing returns while it counts', () => {
  expect(card()).toMatchObject({ state: 'unused', spentMinor: 0, leftMinor: 1_500, returnsAtS: null })
  expect(card({ reservedMinor: 400 })).toMatchObject({ state: 'used', spentMinor: 1_100, leftMinor: 400 })
  expect(card({ reservedMinor: 0 })).toMatchObject({ state: 'used-up', spentMinor: 1_500, leftMinor: 0 })
  expect(card({ notAfterS: nowS })).toMatchObject({ state: 'expired', returnsAtS: nowS + 30 })
})

test('what a session holds is spent for now, and may come back', () => {
  expect(card({ heldMinor: 1_500 })).toMatchObject({ state: 'used', spentMinor: 1_500, leftMinor: 0 })
})

test('a void card says since when, from which epoch, and when its rest returns; then the rest is no spending', () => {
  const revocation = { epoch: 9, atS: nowS - 5, reason: 'fleet' }
  const voided = { state: 'void', voidSinceS: nowS - 5, voidEpoch: 9 }
  expect(card({ revocation, reservedMinor: 900 })).toMatchObject({
    ...voided,
    spentMinor: 600,
    returnsAtS: nowS + 30,
  })
  expect(card({ revocation, reservedMinor: 0, returnedMinor: 900, isReleased: true })).toMatchObject({
    ...{ ...voided, spentMinor: 600, leftMinor: 0, returnedMinor: 900, returnsAtS: null },
  })
})

test('a card that stands on the list because it is used up was voided by nobody', () => {
  const revocation = { epoch: 9, atS: nowS, reason: 'spent' }
  expect(card({ reservedMinor: 0, revocation })).toMatchObject({ state: 'used-up', voidSinceS: null })
})

test('the sums of a batch say where every cent of it is', () => {
  const revocation = { epoch: 9, atS: nowS, reason: 'fleet' }
  const cards = [
    card(),
    card({ reservedMinor: 400 }),
    card({ reservedMinor: 0 }),
    card({ reservedMinor: 900, revocation }),
    card({ reservedMinor: 0, returnedMinor: 1_500, isReleased: true, notAfterS: nowS }),
  ]
  const sums = sumsOf(cards, 1_500)
  expect(sums).toEqual({
    ...{ worthMinor: 7_500, spentMinor: 3_200, leftMinor: 1_900, returningMinor: 900, returnedMinor: 1_500 },
    ...{ liveCount: 2, usedCount: 3, voidCount: 1 },
  })
  const { spentMinor, leftMinor, returningMinor, returnedMinor } = sums
  expect(spentMinor + leftMinor + returningMinor + returnedMinor).toBe(sums.worthMinor)
})

test('a serial is typed as it is printed, however the dash and the letters come', () => {
  expect(shortSerial('a3f291c000000007')).toBe('A3F2-91C0')
  for (const typed of ['A3F2-91C0', ' a3f2 91c0 ']) expect(sameTyped(typed, 'A3F2-91C0')).toBe(true)
  for (const typed of ['A3F2-91C1', '', 'A3F2']) expect(sameTyped(typed, 'A3F2-91C0')).toBe(false)
})
