/** What `outpost-kiosk.json` may say about the site's own CSMS: for all chargers, or for one. */

import { z } from 'zod'
import { forwardVersions, siteRights } from '../forward/settings'

const path = () => z.string('a path').min(1, 'a path').max(1_000, 'a path')
const whole = (min: number, max: number) => {
  const error = `a number from ${min} to ${max}`
  return z.int(error).min(min, error).max(max, error)
}
const matching = (pattern: RegExp, expected: string) => z.string(expected).regex(pattern, expected)
const isSocketAddress = (value: string): boolean => /^wss?:\/\//.test(value) && URL.canParse(value)
const names = forwardVersions.map((version) => `"${version}"`).join(' or ')

const shared = {
  url: z
    .string('a ws or wss address')
    .refine(isSocketAddress, 'a ws or wss address')
    .describe('The site’s own CSMS, without the charger’s identity.'),
  version: z
    .enum(forwardVersions, names)
    .describe('OCPP that it speaks, which must be the one that the charger speaks: nothing is translated.'),
  password: matching(/^[\x21-\x7e]{1,64}$/, '1 to 64 printable characters without spaces')
    .optional()
    .describe('Basic authentication there. Better: passwordFile.'),
  passwordFile: path().optional().describe('File that holds the password, readable by this user only.'),
  caFile: path()
    .optional()
    .describe('PEM that its certificate is checked against, where no public one will do.'),
  certificateFile: path().optional().describe('PEM that the charger shows there (security profile 3).'),
  keyFile: path().optional().describe('PEM of its key, readable by this user only.'),
  allow: z
    .array(z.enum(siteRights, siteRights.join(', ')), 'a list of rights')
    .optional()
    .describe(
      'What it may do. Left out: everything but diagnostics and firmware. It may never start a session.',
    ),
  settings: z
    .array(matching(/^[\w.]{1,80}$/, 'names of settings'), 'a list of names')
    .max(50, 'at most 50 names')
    .default([])
    .describe(
      'Keys (1.6) or Component.Variable (2.0.1) that it may change beyond BlinkRepeat and LightIntensity.',
    ),
  queueMax: whole(100, 200_000).default(20_000).describe('Messages of a charger that wait for it at most.'),
  backfillPerSecond: whole(1, 200)
    .default(20)
    .describe('How many of the messages of an outage it is told in a second.'),
}

export const forwardSection = z
  .strictObject(shared, 'a section in braces')
  .describe('Forwards every charger without a section of its own.')

export const chargerForwardSection = z
  .strictObject(
    {
      ...shared,
      identity: matching(/^[A-Za-z0-9][A-Za-z0-9._~-]{0,47}$/, 'letters, digits and . _ ~ -')
        .optional()
        .describe('What the site’s CSMS calls this charger. Left out: the same as here.'),
    },
    'a section in braces',
  )
  .describe('Forwards this charger to the site’s own CSMS (docs/forwarding.md).')

export type ForwardSection = z.output<typeof chargerForwardSection>
