/** What `outpost-kiosk.json` may say about a satellite modem. */

import { z } from 'zod'
import type { SatelliteConfig } from '../satellite/open-satellite'

const whole = (min: number, max: number) => {
  const error = `a number from ${min} to ${max}`
  return z.int(error).min(min, error).max(max, error)
}
const modemAddress = 'a serial device such as /dev/ttyUSB0, or tcp://host:port'

export const satelliteSection = z
  .strictObject(
    {
      modem: z
        .string(modemAddress)
        .refine(
          (text) => /^\/dev\/[\w./-]{1,80}$/.test(text) || /^tcp:\/\/[\w.:[\]-]{3,80}:\d{1,5}$/.test(text),
          {
            error: modemAddress,
          },
        )
        .describe('A modem of Iridium’s short burst data, such as a 9602 or 9603.'),
      baud: whole(1_200, 921_600).default(19_200),
      messageBytes: whole(100, 1_960).default(340).describe('The most that the modem sends at once.'),
      messagesPerLetter: whole(2, 16).default(8),
      quietHours: z
        .number('hours from 0 to 720')
        .min(0)
        .max(720)
        .default(6)
        .describe('How long every other road must have been silent.'),
      gatherHours: z
        .number('hours from 0 to 168')
        .min(0)
        .max(168)
        .default(6)
        .describe('How long a session waits for others to share its letter.'),
      gatherSessions: whole(1, 32).default(6).describe('That many do not wait any longer.'),
      answerMinutes: z
        .number('minutes from 0 to 1440')
        .min(0)
        .max(1_440)
        .default(5)
        .describe('How long after a letter its answer is asked for first.'),
      pricePerMessage: z
        .number('a number from 0 to 100000')
        .min(0)
        .max(100_000)
        .optional()
        .describe('Either way, in the smallest unit of the currency.'),
      moneyPerMonthMax: whole(1, 100_000_000).optional().describe('In the smallest unit of the currency.'),
      bytesPerDayMax: whole(340, 1_000_000).optional(),
      bytesPerMonthMax: whole(340, 10_000_000).optional(),
    },
    'a section in braces',
  )
  .refine(
    ({ moneyPerMonthMax, pricePerMessage }) =>
      moneyPerMonthMax === undefined || pricePerMessage !== undefined,
    { error: 'a price as well, or nothing is counted', path: ['pricePerMessage'] },
  )
  .optional()
  .describe('The way home where no other is left (docs/satellite.md). Left out: none.')

export function satelliteConfig(section: z.output<typeof satelliteSection>): SatelliteConfig | undefined {
  if (section === undefined) return undefined
  const { moneyPerMonthMax, pricePerMessage, bytesPerDayMax, bytesPerMonthMax } = section
  return {
    address: section.modem,
    baud: section.baud,
    settings: {
      messageBytesMax: section.messageBytes,
      messagesPerLetterMax: section.messagesPerLetter,
      quietS: Math.round(section.quietHours * 3_600),
      gatherS: Math.round(section.gatherHours * 3_600),
      gatherSessions: section.gatherSessions,
      answerS: Math.round(section.answerMinutes * 60),
    },
    terms: {
      ...(pricePerMessage === undefined ? {} : { pricePerMessageMinor: pricePerMessage }),
      ...(moneyPerMonthMax === undefined ? {} : { moneyPerMonthMaxMinor: moneyPerMonthMax }),
      ...(bytesPerDayMax === undefined ? {} : { bytesPerDayMax }),
      ...(bytesPerMonthMax === undefined ? {} : { bytesPerMonthMax }),
    },
  }
}
