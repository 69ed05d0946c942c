/** How each part of a started Outpost is called: arguments, environment, and the address at which it answers. */

import { join } from 'node:path'
import type { ProcessSpec } from './process-group'
import type { StartSettings } from './settings'

export interface Place {
  readonly projectRoot: string
  readonly dataDirectory: string
  readonly settings: StartSettings
}

export interface Part extends ProcessSpec {
  /** Answers with a 2xx status once the part works; parts that listen nowhere have none. */
  readonly healthUrl?: string
}

const loopback = '127.0.0.1'

/** Passkeys are bound to a host name, and an address is none: people open `localhost`. */
export const cloudUrl = ({ cloudPort }: StartSettings): string => `http://localhost:${cloudPort}`
export const kioskUrl = ({ kioskPort }: StartSettings): string => `http://localhost:${kioskPort}`

export function cloudPart(place: Place, databaseUrl: string): Part {
  const { cloudPort, kioskPort, demoPort } = place.settings
  return {
    name: 'cloud',
    args: [
      join(place.projectRoot, 'node_modules/next/dist/bin/next'),
      'start',
      `--port=${cloudPort}`,
      `--hostname=${loopback}`,
    ],
    env: {
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      DATABASE_URL: databaseUrl,
      OUTPOST_ORIGIN: cloudUrl(place.settings),
      OUTPOST_VAR: place.dataDirectory,
      OUTPOST_DEMO: '1',
      OUTPOST_KIOSK_PORT: String(kioskPort),
      OUTPOST_DEMO_PORT: String(demoPort),
    },
    cwd: place.projectRoot,
    logFile: join(place.dataDirectory, 'log/cloud.log'),
    healthUrl: `http://${loopback}:${cloudPort}/api/v1/health`,
  }
}
