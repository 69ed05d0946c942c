/** Environment variables that stand above single values of the file. Every variable is named here and nowhere else. */

/** Overrides of the file, by the place that each fills. */
export const overridden = {
  OUTPOST_CHARGER_ID: ['charger', 'id'],
  OUTPOST_KIOSK_DATA: ['dataFolder'],
  OUTPOST_SCREEN_FOLDER: ['screen', 'folder'],
  OUTPOST_CLOUD_URL: ['cloud', 'url'],
  OUTPOST_ROOT_KEY: ['cloud', 'root'],
  OUTPOST_KEY_GENERATION: ['keys', 'generation'],
  OUTPOST_KIOSK_PORT: ['screen', 'port'],
  OUTPOST_OCPP_PORT: ['ocpp', 'port'],
  OUTPOST_OCPP_HOST: ['ocpp', 'host'],
  OUTPOST_METER_INTERVAL_S: ['ocpp', 'meterIntervalS'],
  OUTPOST_SUPPORT_PHONE: ['support', 'phone'],
  OUTPOST_RELYING_PARTY_ID: ['passkeys', 'relyingPartyId'],
  OUTPOST_APP_ORIGINS: ['passkeys', 'origins'],
  OUTPOST_BLUETOOTH: ['bluetooth', 'radio'],
  OUTPOST_STICKS: ['technician', 'sticks'],
  OUTPOST_LOG_LEVEL: ['logs', 'level'],
} as const satisfies Readonly<Record<string, readonly string[]>>

/** What stands in no file: secrets, one-time codes, and what only a demonstration sets. */
export const environmentNames = {
  config: 'OUTPOST_KIOSK_CONFIG',
  enrolmentCode: 'OUTPOST_ENROLMENT_CODE',
  passphrase: 'OUTPOST_KIOSK_PASSPHRASE',
  pkcs11Pin: 'OUTPOST_PKCS11_PIN',
  ocppIdentity: 'OUTPOST_OCPP_IDENTITY',
  ocppPassword: 'OUTPOST_OCPP_PASSWORD',
  connectors: 'OUTPOST_CONNECTORS',
  demo: 'OUTPOST_DEMO',
  demoPageOrigins: 'OUTPOST_DEMO_PAGE_ORIGINS',
} as const

export type Environment = Readonly<Record<string, string | undefined>>

const numbers = new Set<string>([
  'OUTPOST_KEY_GENERATION',
  'OUTPOST_KIOSK_PORT',
  'OUTPOST_OCPP_PORT',
  'OUTPOST_METER_INTERVAL_S',
])

/** What stands between two of a list; folders as in PATH. */
const lists = new Map([
  ['OUTPOST_APP_ORIGINS', /[\s,]+/],
  ['OUTPOST_STICKS', /:/],
])

export interface Overlaid {
  readonly value: unknown
  /** The variable that filled a place, or a part of it. */
  readonly nameOf: (path: readonly PropertyKey[]) => string | undefined
}

export const variable = (environment: Environment, name: string): string | undefined =>
  environment[name]?.trim() || undefined

/** Lays the variables over what the file says. What cannot be read stays as it is, for the schema to complain about. */
export function overlay(file: unknown, environment: Environment): Overlaid {
  if (!isSection(file)) return { value: file, nameOf: () => undefined }
  const value = structuredClone(file)
  const names = new Map<string, string>()
  const put = (path: readonly string[], name: string, given: unknown): void => {
    names.set(path.join('.'), name)
    let at = value
    for (const part of path.slice(0, -1)) {
      const next = at[part]
      const inner: Record<string, unknown> = isSection(next) ? next : part === 'keys' ? { kind: 'file' } : {}
      at[part] = inner
      at = inner
    }
    at[path[path.length - 1] ?? ''] = given
  }
  for (const [name, path] of Object.entries(overridden)) {
    const given = variable(environment, name)
    if (given === undefined) continue
    const isNumber = numbers.has(name) && /^\d{1,9}$/.test(given)
    const separator = lists.get(name)
    put(path, name, separator !== undefined ? given.split(separator) : isNumber ? Number(given) : given)
  }
  const nameOf: Overlaid['nameOf'] = (path) =>
    names.get(path.join('.')) ?? (path.length > 1 ? names.get(path.slice(0, -1).join('.')) : undefined)
  return { value, nameOf }
}

const isSection = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
