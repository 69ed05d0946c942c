/**
 * What `outpost-kiosk.json` may say: the one place from which defaults, types, complaints and the published JSON schema
 * (`docs/outpost-kiosk.schema.json`) come. Each leaf's message is what is expected there, so that a complaint reads
 * “ocpp.port must be a number from 0 to 65535, not …”. Nothing here transforms: what is written is what is checked.
 */

import { z } from 'zod'
import { chargerIdPattern } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { chargerForwardSection, forwardSection } from './forward-section'
import { satelliteSection } from './satellite-section'
import { uplinksSection } from './uplinks-section'

const text = (max: number) => z.string(`a text of 1 to ${max} characters`).trim().min(1).max(max)
const path = () => z.string('a path').min(1, 'a path').max(1_000, 'a path')
const whole = (min: number, max: number) => {
  const error = `a number from ${min} to ${max}`
  return z.int(error).min(min, error).max(max, error)
}
const yesNo = () => z.boolean('true or false')
const matching = (pattern: RegExp, expected: string) => z.string(expected).regex(pattern, expected)

const gatewayPin = () => matching(/^[0-9a-f]{64}$/, '64 lower-case hex digits')

const isWebAddress = (value: string): boolean => /^https?:\/\//.test(value) && URL.canParse(value)
const origin = () =>
  z
    .string('origins such as https://charge.example.org')
    .refine(
      (value) => isWebAddress(value) && new URL(value).origin === value,
      'origins such as https://charge.example.org',
    )

const section = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, 'a section in braces')

const bay = section({
  bay: whole(1, 99).describe(
    'Number of the bay, as people see it; every bay of this controller has its own.',
  ),
  connectorId: whole(1, 255)
    .optional()
    .describe('OCPP connector. Where it is left out: the EVSE’s number in OCPP 1.6, 1 in OCPP 2.0.1.'),
  evseId: whole(1, 255)
    .optional()
    .describe('OCPP 2.0.1 EVSE. Where it is left out: the connector, or the bay.'),
})

const ocppCharger = section({
  identity: matching(/^[A-Za-z0-9][A-Za-z0-9._~-]{0,47}$/, 'letters, digits and . _ ~ -').describe(
    'Last part of the address to which the charger connects; also its user name.',
  ),
  password: matching(/^[\x21-\x7e]{8,64}$/, '8 to 64 printable characters without spaces')
    .optional()
    .describe('Basic authentication (security profile 1). Better: passwordFile.'),
  passwordFile: path().optional().describe('File that holds the password, readable by this user only.'),
  maxCurrentA: whole(1, 1_000)
    .optional()
    .describe('Amperes per phase of the whole charger, whatever its bays draw. Left out: its own limit.'),
  bays: z
    .array(bay, 'a list of bays')
    .min(1, 'at least one bay')
    .max(32, 'at most 32 bays')
    .describe('Which bays this charger has.'),
  forward: chargerForwardSection.optional(),
})

const keys = z
  .discriminatedUnion(
    'kind',
    [
      section({
        kind: z.literal('file').describe('Sealed files below the data folder.'),
        generation: whole(1, 20).default(1).describe('Which signing key is wanted.'),
        passphraseFile: path().optional().describe('File that holds the passphrase that seals the keys.'),
      }),
      section({
        kind: z.literal('pkcs11').describe('A hardware security module; the signing key never leaves it.'),
        generation: whole(1, 20).default(1).describe('Which signing key is wanted.'),
        module: path().describe('The module’s library, such as /usr/lib/softhsm/libsofthsm2.so.'),
        token: text(32).describe('Label of the token.'),
        pinFile: path().optional().describe('File that holds the PIN; otherwise OUTPOST_PKCS11_PIN.'),
      }),
    ],
    '"file" or "pkcs11"',
  )
  .prefault({ kind: 'file' })

export const kioskFile = section({
  $schema: z.string().optional(),
  charger: section({
    id: matching(chargerIdPattern, '1 to 20 letters, digits or hyphens')
      .default('KINROSS-1')
      .describe('The charger’s number at its operator.'),
    meterKey: text(limits.meterKeyCharsMax)
      .optional()
      .describe(
        'Public key of its meter, where the meter signs (OCMF): SubjectPublicKeyInfo as PEM, hex or base64, as its label or data sheet says. The operator vouches for it from the enrolment on.',
      ),
  }).prefault({}),
  dataFolder: path().default('var/kiosk').describe('Holds keys, journal and logs.'),
  cloud: section({
    url: z
      .string('an http or https address')
      .refine(isWebAddress, 'an http or https address')
      .default('http://localhost:3000'),
    root: matching(/^[0-9a-f]{64}$/, '64 lower-case hex digits')
      .optional()
      .describe('Pins the operator’s root key; without it the enrolment brings it along.'),
  }).prefault({}),
  screen: section({
    port: whole(0, 65_535).default(3_100).describe('On loopback: touchscreen, health and metrics.'),
    folder: path().default('dist/kiosk-screen').describe('The built touchscreen.'),
  }).prefault({}),
  ocpp: section({
    host: text(255).default('127.0.0.1').describe('Address on the charger’s network.'),
    port: whole(0, 65_535).default(9_220),
    safeDefaultA: whole(0, 1_000)
      .default(6)
      .describe('Amperes per phase that a session falls to when this controller is lost; 0 for none at all.'),
    meterIntervalS: whole(1, 60).default(10).describe('How often the charger is told to read its meter.'),
    tls: section({ certificateFile: path().optional(), keyFile: path().optional() })
      .optional()
      .describe(
        'Security profile 2. Files left out: the pair that `outpost-kiosk chargers certificate` made.',
      ),
    chargers: z
      .array(ocppCharger, 'a list of chargers')
      .min(1, 'at least one charger')
      .max(20, 'at most 20 chargers')
      .optional()
      .describe('Left out: one charger with the id of this one and one bay.'),
    forward: forwardSection.optional(),
  }).prefault({}),
  keys,
  logs: section({
    level: z.enum(['error', 'warn', 'info'], '"error", "warn" or "info"').default('info'),
    folder: path().optional().describe('Left out: standard output alone, for a service manager to keep.'),
    fileBytesMax: whole(10_000, 100_000_000).default(5_000_000),
    filesMax: whole(1, 50).default(5),
  }).prefault({}),
  metrics: section({
    enabled: yesNo().default(true),
    tokenFile: path().optional().describe('Demands this bearer token for /metrics, on loopback too.'),
  }).prefault({}),
  bluetooth: section({
    radio: z
      .enum(['off', 'on'], 'on or off')
      .default('off')
      .describe('Offers the charger’s codes by Bluetooth too; needs BlueZ and a radio (docs/bluetooth.md).'),
  }).prefault({}),
  safety: section({
    currentMaxA: whole(0, 1_000).optional().describe('Most that a bay may draw, per phase.'),
    phases: whole(1, 3).optional().describe('Left out: 3.'),
    phaseVoltageV: whole(100, 1_000).optional().describe('Left out: 230.'),
    powerMaxKw: whole(1, 4_000).optional().describe('Most that a charger here can deliver.'),
    sessionMinutesMax: whole(1, 1_440).optional().describe('Left out: what the operator’s policy says.'),
    sessionKwhMax: whole(1, 1_000).optional().describe('Left out: what the operator’s policy says.'),
    derateAtC: whole(20, 70)
      .optional()
      .describe('From here on a bay draws no more than derateToA. Left out: 70.'),
    coolBelowC: whole(10, 60).optional().describe('Below this it may draw more again. Left out: 60.'),
    derateToA: whole(0, 10).optional().describe('Left out: 10.'),
    cutOffAtC: whole(30, 85).optional().describe('From here on no power flows. Left out: 85.'),
    meterSilentSecondsMax: whole(60, 300)
      .optional()
      .describe('Power without a reading of the meter ends after this. Left out: 300.'),
    bays: z
      .array(section({ bay: whole(1, 99), currentMaxA: whole(0, 1_000) }), 'a list of bays')
      .max(32, 'at most 32 bays')
      .default([])
      .describe('Bays that may draw less than the others.'),
  })
    .prefault({})
    .describe('Can only make stricter what is safe and what the operator’s policy says.'),
  technician: section({
    lan: section({
      host: text(255).describe(
        'Address of this computer on the technicians’ network; 0.0.0.0 for all of its networks.',
      ),
      port: whole(0, 65_535).default(9_443),
      tls: z
        .enum(['on', 'off'], 'on or off')
        .default('on')
        .describe('Off: password and pages cross the network unencrypted. For a cable between two machines.'),
    })
      .optional()
      .describe(
        'Lets a technician at the touchscreen let a laptop in. Left out: nobody comes in from the LAN.',
      ),
    sticks: z
      .array(path(), 'a list of folders')
      .max(4, 'at most 4 folders')
      .default([])
      .describe('Folders below which USB sticks are mounted, such as /media/outpost (docs/roads.md).'),
  }).prefault({}),
  gateway: section({
    url: z
      .string('an https address such as https://10.0.0.2:9700')
      .refine(
        (value) => value.startsWith('https://') && URL.canParse(value),
        'an https address such as https://10.0.0.2:9700',
      ),
    pin: z
      .union([gatewayPin(), z.array(gatewayPin()).min(1).max(4)], 'one pin of 64 hex digits, or up to four')
      .describe('What the gateway says with --pin; two of them while one gateway replaces another.'),
  })
    .optional()
    .describe('The gateway of the site, which has its one uplink (docs/gateway.md). Left out: none.'),
  uplinks: uplinksSection,
  satellite: satelliteSection,
  support: section({ phone: text(40).default('+44 1632 960 123') }).prefault({}),
  passkeys: section({
    relyingPartyId: text(253).optional().describe('Left out: the cloud’s host.'),
    origins: z
      .array(origin(), 'a list of origins')
      .min(1)
      .max(10)
      .optional()
      .describe('Left out: the cloud’s.'),
  }).prefault({}),
})

export type KioskFile = z.output<typeof kioskFile>

/** For editors, which then complete and check while somebody types. */
export const kioskFileJsonSchema = (): object => ({
  ...z.toJSONSchema(kioskFile, { io: 'input' }),
  title: 'outpost-kiosk.json: the configuration of an Outpost charger’s controller',
})
