import { describe, expect, test } from 'vitest'
import { epochSeconds } from '@/lib/core/units'
import {
  hasJumped,
  trustedTime,
  withIssuerTime,
  withJump,
  withPassedTime,
} from '@/charger-kiosk/session/clock-floor'

const at = (s: number) => epochSeconds(1_800_000_000 + s)
const never = { floorS: at(0), agreedAtS: undefined }
const agreed = { floorS: at(0), agreedAtS: at(0) }
const dayS = 86_400

describe('the time that a charger believes', () => {
  test.each([
    ['well below its floor is the floor, and unknown', agreed, -301, { nowS: at(0), quality: 'unknown' }],
    ['a little behind the issuer’s waits for it', agreed, -20, { nowS: at(0), quality: 'synchronised' }],
    ['a little behind, and never confirmed, is unknown', never, -20, { nowS: at(0), quality: 'unknown' }],
    ['at 1970 is the floor, and unknown', agreed, -1_800_000_000, { nowS: at(0), quality: 'unknown' }],
    ['that nobody confirmed is unknown', never, 10, { nowS: at(10), quality: 'unknown' }],
    [
      'that the issuer confirmed today is synchronised',
      agreed,
      dayS,
      { nowS: at(dayS), quality: 'synchronised' },
    ],
    ['that was confirmed earlier is relative', agreed, dayS + 1, { nowS: at(dayS + 1), quality: 'relative' }],
  ] as const)('%s', (_name, clock, wall, expected) => {
    expect(trustedTime(clock, at(wall))).toEqual(expected)
  })
})

describe('a message of the issuer', () => {
  test('that is fresh and agrees makes the clock synchronised', () => {
    expect(withIssuerTime(never, at(100), at(130), true)).toEqual({ floorS: at(100), agreedAtS: at(130) })
  })

  test('that is fresh and far ahead proves the clock to be behind', () => {
    expect(withIssuerTime(agreed, at(1_000), at(600), true)).toEqual({
      floorS: at(1_000),
      agreedAtS: undefined,
    })
  })

  test('that is fresh and old proves nothing: an issuer may repeat one', () => {
    expect(withIssuerTime(agreed, at(10), at(5_000), true)).toEqual({ floorS: at(10), agreedAtS: at(0) })
  })

  test('that a courier brought only raises the floor', () => {
    expect(withIssuerTime(never, at(100), at(110), false)).toEqual({ floorS: at(100), agreedAtS: undefined })
  })

  test('never lowers the floor', () => {
    expect(withIssuerTime({ floorS: at(500), agreedAtS: undefined }, at(100), at(600), false).floorS).toBe(
      at(500),
    )
  })
})

describe('time that passes', () => {
  test('carries the floor up while the clock is synchronised', () => {
    expect(withPassedTime(agreed, at(3_600)).floorS).toBe(at(3_600))
  })

  test('does not let a clock that jumped years ahead lift the floor over every grant', () => {
    expect(withPassedTime(agreed, at(30 * 365 * dayS)).floorS).toBe(at(0))
    expect(withPassedTime(never, at(3_600)).floorS).toBe(at(0))
  })
})

describe('a jump', () => {
  test.each([
    ['forward', 3_600, 10_000, true],
    ['backward', -3_600, 10_000, true],
    ['of a second, which is rounding', 11, 10_000, false],
    ['that is none: a long sleep on both', 36_000, 36_000_000, false],
  ])('%s', (_name, wallS, monotonicMs, expected) => {
    expect(hasJumped(wallS, monotonicMs)).toBe(expected)
  })

  test('leaves the clock unknown until the issuer speaks', () => {
    expect(trustedTime(withJump(agreed), at(60)).quality).toBe('unknown')
  })
})
