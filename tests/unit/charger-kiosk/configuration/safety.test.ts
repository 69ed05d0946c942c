import { expect, test } from 'vitest'
import { safetySettings } from '@/charger-kiosk/configuration/safety'
import { kioskFile } from '@/charger-kiosk/configuration/schema'
import { safeLimits } from '@/charger-kiosk/safety/safety-limits'

test('a file without limits leaves what is safe', () => {
  expect(safetySettings(kioskFile.parse({}).safety)).toEqual({ safety: safeLimits, safetyOfBays: new Map() })
})

test('limits come in people’s units, and a bay may have a lower one', () => {
  const file = kioskFile.parse({
    safety: {
      currentMaxA: 32,
      sessionMinutesMax: 90,
      sessionKwhMax: 80,
      derateAtC: 60,
      bays: [{ bay: 2, currentMaxA: 16 }],
    },
  })
  const { safety, safetyOfBays } = safetySettings(file.safety)
  expect(safety).toMatchObject({
    currentMaxMa: 32_000,
    sessionDurationMaxS: 5_400,
    sessionEnergyMaxWh: 80_000,
    derateAtDeciC: 600,
    cutOffAtDeciC: safeLimits.cutOffAtDeciC,
  })
  expect(safetyOfBays.get(2)).toEqual({ currentMaxMa: 16_000 })
})

test.each([{ cutOffAtC: 120 }, { derateAtC: 90 }, { meterSilentSecondsMax: 3_600 }])(
  'a file that would loosen a limit is refused: %o',
  (safety) => {
    expect(kioskFile.safeParse({ safety }).success).toBe(false)
  },
)
