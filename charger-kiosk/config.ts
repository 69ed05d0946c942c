/** What the kiosk reads from its environment, checked once at start. Every variable is named here and nowhere else. */

import { join } from 'node:path'
import { chargerId, chargerIdPattern, publicKey, type ChargerId, type PublicKey } from '@/lib/core/ids'
import { err, ok, type Result } from '@/lib/core/result'
import { chargePointIdentity, isChargePointIdentity, type ChargePointIdentity } from './ocpp/ids'
import type { StepUpOrigin } from './session/step-up'

export interface KioskConfig {
  readonly chargerId: ChargerId
  /** Holds journal and keys. */
  readonly dataFolder: string
  /** Where the built touchscreen lies. */
  readonly screenFolder: string
  readonly cloudOrigin: string
  /** One-time code of the operator; needed until the charger has its certificate. */
  readonly enrolmentCode: string | undefined
  /** Pins the operator's root; without it the enrolment brings the root along (trust on first use). */
  readonly root: PublicKey | undefined
  readonly passphrase: string | undefined
  /** Which signing key is wanted: a higher number makes the next and asks the operator to certify it. */
  readonly keyGeneration: number
  readonly screenPort: number
  readonly ocppPort: number
  /** Address that the charger connects to; its own LAN in the field. */
  readonly ocppHost: string
  /** How the charger names itself in the path of its connection. */
  readonly ocppIdentity: ChargePointIdentity
  readonly ocppPassword: string | undefined
  /** How often the charger is told to read its meter. */
  readonly meterIntervalS: number
  readonly connectorIds: readonly number[]
  readonly supportPhone: string
  /** Where drivers' passkeys were made: the driver app's host and pages. */
  readonly stepUp: StepUpOrigin
  /** Opens `POST /demo/uplink`. Never set it at a real charger. */
  readonly isDemo: boolean
  /** Pages that may embed the screen; empty outside of a demo. */
  readonly demoPageOrigins: readonly string[]
}

export const environmentNames = {
  chargerId: 'OUTPOST_CHARGER_ID',
  dataFolder: 'OUTPOST_KIOSK_DATA',
  screenFolder: 'OUTPOST_SCREEN_FOLDER',
  cloudUrl: 'OUTPOST_CLOUD_URL',
  enrolmentCode: 'OUTPOST_ENROLMENT_CODE',
  root: 'OUTPOST_ROOT_KEY',
  passphrase: 'OUTPOST_KIOSK_PASSPHRASE',
  keyGeneration: 'OUTPOST_KEY_GENERATION',
  screenPort: 'OUTPOST_KIOSK_PORT',
  ocppPort: 'OUTPOST_OCPP_PORT',
  ocppHost: 'OUTPOST_OCPP_HOST',
  ocppIdentity: 'OUTPOST_OCPP_IDENTITY',
  ocppPassword: 'OUTPOST_OCPP_PASSWORD',
  meterInterval: 'OUTPOST_METER_INTERVAL_S',
  connectors: 'OUTPOST_CONNECTORS',
  supportPhone: 'OUTPOST_SUPPORT_PHONE',
  relyingPartyId: 'OUTPOST_RELYING_PARTY_ID',
  appOrigins: 'OUTPOST_APP_ORIGINS',
  demo: 'OUTPOST_DEMO',
  demoPageOrigins: 'OUTPOST_DEMO_PAGE_ORIGINS',
} as const

type Name = keyof typeof environmentNames
type Environment = Readonly<Record<string, string | undefined>>

/** Fails with one plain sentence for each variable that is wrong. */
export function readKioskConfig(environment: Environment): Result<KioskConfig, readonly string[]> {
  const read = new Reader(environment)
  const cloud = read.parsed('cloudUrl', 'http://localhost:3000', 'an http or https address', webAddress)
  const id = read.parsed('chargerId', 'KINROSS-1', '1 to 20 letters, digits or hyphens', (text) =>
    chargerIdPattern.test(text) ? chargerId(text) : undefined,
  )
  const connectorCount = read.integer('connectors', 1, 1, 8)
  const isDemo = read.text('demo') === '1'
  const config: KioskConfig = {
    chargerId: id,
    dataFolder: read.text('dataFolder') ?? join('var', 'kiosk'),
    screenFolder: read.text('screenFolder') ?? join('dist', 'kiosk-screen'),
    cloudOrigin: cloud.origin,
    enrolmentCode: read.text('enrolmentCode'),
    root:
      read.text('root') === undefined
        ? undefined
        : read.parsed('root', '0'.repeat(64), '64 lower-case hex digits', (text) =>
            /^[0-9a-f]{64}$/.test(text) ? publicKey(text) : undefined,
          ),
    passphrase: read.text('passphrase'),
    keyGeneration: read.integer('keyGeneration', 1, 1, 20),
    screenPort: read.integer('screenPort', 3_100, 0, 65_535),
    ocppPort: read.integer('ocppPort', 9_220, 0, 65_535),
    ocppHost: read.text('ocppHost') ?? '127.0.0.1',
    ocppIdentity: read.parsed('ocppIdentity', id, 'letters, digits and . _ ~ -', (text) =>
      isChargePointIdentity(text) ? chargePointIdentity(text) : undefined,
    ),
    ocppPassword: read.text('ocppPassword'),
    meterIntervalS: read.integer('meterInterval', 10, 1, 60),
    connectorIds: Array.from({ length: connectorCount }, (_, index) => index + 1),
    supportPhone: read.text('supportPhone') ?? '+44 1632 960 123',
    stepUp: {
      relyingPartyId: read.text('relyingPartyId') ?? cloud.hostname,
      origins: read.origins('appOrigins', cloud.origin),
    },
    isDemo,
    demoPageOrigins: isDemo ? read.origins('demoPageOrigins', cloud.origin) : [],
  }
  return read.problems.length > 0 ? err(read.problems) : ok(config)
}

/** Collects what is wrong, so that a technician sees all of it at once. */
class Reader {
  readonly problems: string[] = []
  readonly #environment: Environment

  constructor(environment: Environment) {
    this.#environment = environment
  }

  text(name: Name): string | undefined {
    return this.#environment[environmentNames[name]]?.trim() || undefined
  }

  integer(name: Name, fallback: number, min: number, max: number): number {
    return this.parsed(name, String(fallback), `a number from ${min} to ${max}`, (text) => {
      const value = /^\d{1,9}$/.test(text) ? Number(text) : -1
      return value >= min && value <= max ? value : undefined
    })
  }

  origins(name: Name, fallback: string): readonly string[] {
    return this.parsed(name, fallback, 'origins such as https://charge.example.org', (text) => {
      const parts = text.split(/[\s,]+/)
      return parts.every((part) => webAddress(part)?.origin === part) ? parts : undefined
    })
  }

  /** `fallback` must parse: it also stands in for a wrong value until all problems are collected. */
  parsed<T>(name: Name, fallback: string, expected: string, parse: (text: string) => T | undefined): T {
    const given = this.text(name)
    const value = parse(given ?? fallback)
    if (value !== undefined) return value
    this.problems.push(
      `${environmentNames[name]} must be ${expected}, not “${(given ?? fallback).slice(0, 80)}”.`,
    )
    const substitute = parse(fallback)
    if (substitute === undefined)
      throw new Error(`The default of ${environmentNames[name]} is not ${expected}`)
    return substitute
  }
}

const webAddress = (text: string): URL | undefined =>
  /^https?:\/\//.test(text) && URL.canParse(text) ? new URL(text) : undefined
