/** How the virtual charger's process is told what to be: flags, or the environment where a flag is missing. */

import { parseArgs } from 'node:util'
import { err, ok, type Result } from '@/lib/core/result'
import { meterWithKey, type SigningMeter } from './signing-meter'
import type { OcppVersion } from './socket-link'

const versions: readonly OcppVersion[] = ['1.6', '2.0.1']

export interface ProcessOptions {
  readonly url: string
  readonly identity: string
  readonly password: string | undefined
  readonly version: OcppVersion
  readonly speed: number
  readonly maxPowerW: number
  readonly connectorCount: number
  readonly connectorsPerEvse: number
  readonly meterStartWh: number
  readonly reconnectMs: number
  readonly meter: SigningMeter | undefined
  /** Loopback HTTP control; undefined for none, 0 for any free port. */
  readonly controlPort: number | undefined
}

export const usage = `Virtual OCPP charger
  --url ws://127.0.0.1:9220/ocpp   central system, without the identity   (CHARGER_URL)
  --identity CP-1                  name of this charger                    (CHARGER_IDENTITY)
  --password …                     basic authentication                    (CHARGER_PASSWORD)
  --ocpp 1.6                       or 2.0.1                                (CHARGER_OCPP)
  --speed 1                        energy flows this many times faster     (CHARGER_SPEED)
  --power-w 50000                  most that a connector delivers          (CHARGER_POWER_W)
  --connectors 1                                                           (CHARGER_CONNECTORS)
  --connectors-per-evse 1          how many of them share an EVSE          (CHARGER_CONNECTORS_PER_EVSE)
  --meter-start-wh 0               reading of the meters at the start      (CHARGER_METER_START_WH)
  --meter-key …                    64 hex digits: the meter signs its records (OCMF, secp256r1) (CHARGER_METER_KEY)
  --reconnect-ms 1000              first wait after a lost link, then longer (CHARGER_RECONNECT_MS)
  --control-port …                 HTTP on 127.0.0.1: GET /state, POST /plug, /unplug, … (CHARGER_CONTROL_PORT)`

type Environment = Readonly<Record<string, string | undefined>>

export function readOptions(
  args: readonly string[],
  environment: Environment,
): Result<ProcessOptions, string> {
  const names = [
    'url',
    'identity',
    'password',
    'ocpp',
    'speed',
    'power-w',
    'connectors',
    'connectors-per-evse',
    'meter-start-wh',
    'meter-key',
    'reconnect-ms',
    'control-port',
  ]
  let values: Readonly<Record<string, unknown>>
  try {
    const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]))
    values = parseArgs({ args: [...args], options, strict: true }).values
  } catch (error) {
    return err(error instanceof Error ? error.message : 'unknown option')
  }
  const text = (name: string): string | undefined => {
    const value = values[name] ?? environment[`CHARGER_${name.toUpperCase().replaceAll('-', '_')}`]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const problems: string[] = []
  const integer = (name: string, fallback: number, min: number, max: number): number => {
    const value = Number(text(name) ?? fallback)
    if (!Number.isInteger(value) || value < min || value > max)
      problems.push(`--${name} must be ${min} to ${max}`)
    return value
  }
  const url = text('url') ?? 'ws://127.0.0.1:9220/ocpp'
  if (!/^wss?:\/\//.test(url) || !URL.canParse(url)) problems.push('--url must be a ws:// address')
  const version = versions.find((one) => one === (text('ocpp') ?? '1.6'))
  if (version === undefined) problems.push('--ocpp must be 1.6 or 2.0.1')
  const meterKey = text('meter-key')
  // Below the order of the curve, whose first digits are all f.
  const isKey = meterKey !== undefined && /^(?!0+$)[0-9a-e][0-9a-f]{63}$/.test(meterKey)
  if (meterKey !== undefined && !isKey)
    problems.push('--meter-key must be 64 lower-case hex digits that begin below f')
  const options: ProcessOptions = {
    url: url.replace(/\/$/, ''),
    identity: text('identity') ?? 'CP-1',
    password: text('password'),
    version: version ?? '1.6',
    speed: integer('speed', 1, 1, 10_000),
    maxPowerW: integer('power-w', 50_000, 1, 1_000_000),
    connectorCount: integer('connectors', 1, 1, 16),
    connectorsPerEvse: integer('connectors-per-evse', 1, 1, 4),
    meter: isKey ? meterWithKey(meterKey, `1OUT${text('identity') ?? 'CP-1'}`.slice(0, 50)) : undefined,
    meterStartWh: integer('meter-start-wh', 0, 0, 1_000_000_000),
    reconnectMs: integer('reconnect-ms', 1_000, 10, 60_000),
    controlPort: text('control-port') === undefined ? undefined : integer('control-port', 0, 0, 65_535),
  }
  return problems.length > 0 ? err(problems.join('; ')) : ok(options)
}
