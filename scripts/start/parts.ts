/** How each part of a started Outpost is called: arguments and environment, and the address at which it answers. */

import { join } from 'node:path'
import type { ProcessSpec } from './process-group'
import type { StartSettings } from './settings'

export interface Place {
  readonly projectRoot: string
  readonly dataDirectory: string
  readonly settings: StartSettings
}

/** Passkeys are bound to a host name, and an address is none: people open `localhost`. */
export const cloudUrl = ({ cloudPort }: StartSettings): string => `http://localhost:${cloudPort}`
export const kioskUrl = ({ kioskPort }: StartSettings): string => `http://localhost:${kioskPort}`

const loopback = '127.0.0.1'
export const cloudAddress = ({ cloudPort }: StartSettings): string => `http://${loopback}:${cloudPort}`
export const kioskAddress = ({ kioskPort }: StartSettings): string => `http://${loopback}:${kioskPort}`

const spec = (place: Place, name: string, args: readonly string[], env: ProcessSpec['env']): ProcessSpec => ({
  name,
  args,
  env,
  cwd: place.projectRoot,
  logFile: join(place.dataDirectory, `log/${name.replaceAll(' ', '-')}.log`),
})

export function cloudPart(place: Place, databaseUrl: string): ProcessSpec {
  const { settings } = place
  const next = join(place.projectRoot, 'node_modules/next/dist/bin/next')
  return spec(place, 'cloud', [next, 'start', `--port=${settings.cloudPort}`, `--hostname=${loopback}`], {
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    DATABASE_URL: databaseUrl,
    OUTPOST_ORIGIN: cloudUrl(settings),
    OUTPOST_VAR: place.dataDirectory,
    OUTPOST_DEMO: '1',
    OUTPOST_KIOSK_PORT: String(settings.kioskPort),
    OUTPOST_DEMO_PORT: String(settings.demoPort),
  })
}

/** The one charger of the demonstration, as the cloud's demo seed registers it. */
export interface DemoCharger {
  readonly chargerId: string
  readonly enrolmentCode: string
}

/** A folder in it that holds a folder `outpost` is a USB stick of the demonstration's charger. */
export const sticksFolder = (dataDirectory: string): string => join(dataDirectory, 'sticks')

export function kioskPart(place: Place, charger: DemoCharger): ProcessSpec {
  const { settings } = place
  return spec(place, 'kiosk', [join(place.projectRoot, 'dist/kiosk/main.mjs')], {
    OUTPOST_CHARGER_ID: charger.chargerId,
    OUTPOST_ENROLMENT_CODE: charger.enrolmentCode,
    OUTPOST_KIOSK_DATA: join(place.dataDirectory, 'kiosk'),
    OUTPOST_STICKS: sticksFolder(place.dataDirectory),
    OUTPOST_SCREEN_FOLDER: join(place.projectRoot, 'dist/kiosk-screen'),
    OUTPOST_CLOUD_URL: cloudUrl(settings),
    OUTPOST_KIOSK_PORT: String(settings.kioskPort),
    OUTPOST_OCPP_PORT: String(settings.ocppPort),
    OUTPOST_DEMO: '1',
  })
}

/** Energy flows faster than in life, so that a demonstration shows money within a minute. */
const demoSpeed = '10'

export function chargerPart(place: Place, charger: DemoCharger): ProcessSpec {
  const args = [
    join(place.projectRoot, 'dist/simulator/charger.mjs'),
    `--url=ws://${loopback}:${place.settings.ocppPort}/ocpp`,
    `--identity=${charger.chargerId}`,
    '--control-port=0',
  ]
  const speed = process.env['CHARGER_SPEED'] ?? demoSpeed
  return spec(place, 'virtual charger', args, { CHARGER_SPEED: speed })
}
