/** Where a started Outpost listens and keeps its data: defaults, overridden by environment variables. */

export interface StartSettings {
  readonly cloudPort: number
  readonly kioskPort: number
  readonly ocppPort: number
  readonly demoPort: number
}

/** The variable behind each port, so that a complaint about a busy port can say what to change. */
export const portVariables = {
  cloudPort: { variable: 'OUTPOST_PORT', fallback: 3000, serves: 'the cloud and the driver app' },
  kioskPort: { variable: 'OUTPOST_KIOSK_PORT', fallback: 3100, serves: 'the kiosk screen' },
  ocppPort: { variable: 'OUTPOST_OCPP_PORT', fallback: 9220, serves: 'the charger connection (OCPP)' },
  demoPort: { variable: 'OUTPOST_DEMO_PORT', fallback: 3199, serves: 'the demo switches' },
} as const satisfies Record<keyof StartSettings, { variable: string; fallback: number; serves: string }>

export type PortName = keyof typeof portVariables
export const portNames = Object.keys(portVariables) as PortName[]

export type SettingsResult =
  { readonly ok: true; readonly settings: StartSettings } | { readonly ok: false; readonly sentence: string }

type Environment = Readonly<Record<string, string | undefined>>

function parsePort(text: string | undefined, fallback: number): number | undefined {
  if (text === undefined || text === '') return fallback
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  return port >= 1 && port <= 65_535 ? port : undefined
}

export function readSettings(env: Environment): SettingsResult {
  const ports: Record<PortName, number> = { cloudPort: 0, kioskPort: 0, ocppPort: 0, demoPort: 0 }
  for (const name of portNames) {
    const { variable, fallback } = portVariables[name]
    const port = parsePort(env[variable], fallback)
    if (port === undefined) {
      return {
        ok: false,
        sentence: `${variable} must be a port number from 1 to 65535, not “${env[variable]}”.`,
      }
    }
    const twin = portNames.find((other) => other !== name && ports[other] === port)
    if (twin !== undefined) {
      return {
        ok: false,
        sentence: `${variable} and ${portVariables[twin].variable} are both ${port}; give each its own port.`,
      }
    }
    ports[name] = port
  }
  return { ok: true, settings: ports }
}
