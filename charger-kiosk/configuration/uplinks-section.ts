/** What `outpost-kiosk.json` may say about several ways of this computer to the internet. */

import { z } from 'zod'
import type { UplinkConfig } from '../uplinks/open-uplinks'

const whole = (min: number, max: number) => {
  const error = `a number from ${min} to ${max}`
  return z.int(error).min(min, error).max(max, error)
}
const amount = (max: number) => z.number(`a number from 0 to ${max}`).min(0).max(max)
const ipAddress = 'an IPv4 or IPv6 address of this computer'

const window = z.strictObject(
  {
    fromHour: whole(0, 23),
    toHour: whole(0, 24).describe('Below fromHour: over midnight.'),
  },
  'a section in braces',
)

const signal = z.strictObject(
  {
    interface: z
      .string('the name of a network interface, such as wwan0')
      .regex(/^[A-Za-z0-9._-]{1,15}$/, 'the name of a network interface, such as wwan0'),
    minPercent: whole(1, 100).describe('Below it, what is not urgent waits for a better signal.'),
    waitHours: whole(1, 168).optional().describe('At most so long. Left out: 12.'),
  },
  'a section in braces',
)

const uplink = z.strictObject(
  {
    name: z
      .string('1 to 20 lower-case letters, digits and hyphens')
      .regex(/^[a-z0-9][a-z0-9-]{0,19}$/, '1 to 20 lower-case letters, digits and hyphens'),
    kind: z.enum(['ethernet', 'wifi', 'cellular'], '"ethernet", "wifi" or "cellular"'),
    localAddress: z
      .union([z.ipv4(), z.ipv6()], ipAddress)
      .optional()
      .describe('Address of its interface on this computer. Left out: whichever the system takes.'),
    pricePerMb: amount(100_000)
      .optional()
      .describe('Of 1,000,000 bytes both ways, in the smallest unit of the currency. Left out: free.'),
    bytesPerDayMax: whole(10_000, 1_000_000_000_000).optional(),
    bytesPerMonthMax: whole(10_000, 1_000_000_000_000).optional(),
    moneyPerMonthMax: whole(1, 100_000_000).optional().describe('In the smallest unit of the currency.'),
    secondsPerDayMax: whole(10, 86_400).optional().describe('Of attempts.'),
    urgentPercent: whole(0, 100)
      .optional()
      .describe('Share of each budget that only receipts and incidents may use. Left out: 20.'),
    windows: z
      .array(window, 'a list of hours')
      .max(8, 'at most 8 windows')
      .optional()
      .describe('Hours (UTC) for what is not urgent. Left out: any hour.'),
    signal: signal
      .optional()
      .describe('Of Wi-Fi by the kernel, of cellular by ModemManager. Left out: at any signal.'),
  },
  'a section in braces',
)

export const uplinksSection = z
  .array(
    uplink.refine(({ kind, signal: wanted }) => wanted === undefined || kind !== 'ethernet', {
      error: 'a cable has no signal',
      path: ['signal'],
    }),
    'a list of uplinks',
  )
  .min(1, 'at least one uplink')
  .max(8, 'at most 8 uplinks')
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'uplinks with different names')
  .optional()
  .describe('Several ways to the operator (docs/roads.md). Left out: one, and nothing is counted.')

export const uplinkConfigs = (
  section: z.output<typeof uplinksSection>,
): readonly UplinkConfig[] | undefined =>
  section?.map(({ name, kind, localAddress, ...given }) => ({
    localAddress,
    ...(given.signal === undefined || kind === 'ethernet'
      ? {}
      : { radio: { kind, interface: given.signal.interface } }),
    terms: {
      name,
      ...(given.pricePerMb === undefined ? {} : { pricePerMbMinor: given.pricePerMb }),
      ...(given.bytesPerDayMax === undefined ? {} : { bytesPerDayMax: given.bytesPerDayMax }),
      ...(given.bytesPerMonthMax === undefined ? {} : { bytesPerMonthMax: given.bytesPerMonthMax }),
      ...(given.moneyPerMonthMax === undefined ? {} : { moneyPerMonthMaxMinor: given.moneyPerMonthMax }),
      ...(given.secondsPerDayMax === undefined ? {} : { secondsPerDayMax: given.secondsPerDayMax }),
      ...(given.urgentPercent === undefined ? {} : { urgentPercent: given.urgentPercent }),
      ...(given.windows === undefined ? {} : { windows: given.windows }),
      ...(given.signal === undefined ? {} : { signalMinPercent: given.signal.minPercent }),
      ...(given.signal?.waitHours === undefined ? {} : { signalWaitS: given.signal.waitHours * 3_600 }),
    },
  }))
