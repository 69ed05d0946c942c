/** What the kiosk reads from its environment, checked once at start. Every variable is named here and nowhere else. */

import { join } from 'node:path'
import { chargerId, chargerIdPattern, type ChargerId } from '@/lib/core/ids'
import { err, ok, type Result } from '@/lib/core/result'

export interface KioskConfig {
  readonly chargerId: ChargerId
  /** Holds journal and keys. */
  readonly dataFolder: string
  /** Where the built touchscreen lies. */
  readonly screenFolder: string
  readonly cloudOrigin: string
  /** One-time code of the operator; needed until the charger has its certificate. */
  readonly enrolmentCode: string | undefined
  readonly passphrase: string | undefined
  readonly screenPort: number
  readonly ocppPort: number
  /** Address that the charger connects to; its own LAN in the field. */
  readonly ocppHost: string
  /** How the charger names itself in the path of its connection. */
  readonly ocppIdentity: string
  readonly ocppPassword: string | undefined
  readonly connectorIds: readonly number[]
  readonly supportPhone: string
  /** Opens `POST /demo/uplink` and lets the demo page embed the screen. Never set it at a real charger. */
  readonly isDemo: boolean
}

type Environment = Readonly<Record<string, string | undefined>>

/** Fails with one plain sentence that names the variable. */
export function readKioskConfig(environment: Environment): Result<KioskConfig, string> {
  const problems: string[] = []
  const text = (name: string, fallback: string): string => environment[name]?.trim() || fallback
  const port = (name: string, fallback: number): number => {
    const value = text(name, String(fallback))
    if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value)
    problems.push(`${name} must be a port number from 0 to 65535, not “${value}”.`)
    return fallback
  }
  const id = text('OUTPOST_CHARGER_ID', 'KINROSS-1')
  if (!chargerIdPattern.test(id))
    problems.push('OUTPOST_CHARGER_ID must be 1 to 20 letters, digits or hyphens.')
  const cloudOrigin = originOf(text('OUTPOST_CLOUD_URL', 'http://localhost:3000'))
  if (cloudOrigin === undefined) problems.push('OUTPOST_CLOUD_URL must be an http or https address.')
  const connectors = Number(text('OUTPOST_CONNECTORS', '1'))
  if (!Number.isInteger(connectors) || connectors < 1 || connectors > 8) {
    problems.push('OUTPOST_CONNECTORS must be a number from 1 to 8.')
  }
  const screenPort = port('OUTPOST_KIOSK_PORT', 3_100)
  const ocppPort = port('OUTPOST_OCPP_PORT', 9_220)
  const [problem] = problems
  if (problem !== undefined || cloudOrigin === undefined) return err(problem ?? '')
  return ok({
    chargerId: chargerId(id),
    dataFolder: text('OUTPOST_KIOSK_DATA', join('var', 'kiosk')),
    screenFolder: text('OUTPOST_SCREEN_FOLDER', join('dist', 'kiosk-screen')),
    cloudOrigin,
    enrolmentCode: environment['OUTPOST_ENROLMENT_CODE'] || undefined,
    passphrase: environment['OUTPOST_KIOSK_PASSPHRASE'] || undefined,
    screenPort,
    ocppPort,
    ocppHost: text('OUTPOST_OCPP_HOST', '127.0.0.1'),
    ocppIdentity: text('OUTPOST_OCPP_IDENTITY', id),
    ocppPassword: environment['OUTPOST_OCPP_PASSWORD'] || undefined,
    connectorIds: Array.from({ length: connectors }, (_, index) => index + 1),
    supportPhone: text('OUTPOST_SUPPORT_PHONE', '+44 1632 960 123'),
    isDemo: environment['OUTPOST_DEMO'] === '1',
  })
}

function originOf(url: string): string | undefined {
  try {
    const parsed = new URL(url)
    return /^https?:$/.test(parsed.protocol) ? parsed.origin : undefined
  } catch {
    return undefined
  }
}
