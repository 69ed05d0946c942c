/** Two browsers with a camera each: one is the phone, one the charger's touchscreen. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext, type Page } from 'playwright'
import { findChromium } from '@/scripts/find-chromium.mjs'
import { createCameraFile, type CameraFile } from './camera-file'

export interface Device {
  readonly context: BrowserContext
  readonly page: Page
  readonly camera: CameraFile
  /** Everything that the page complained about in its console. */
  readonly complaints: readonly string[]
  /** Ends the browser process and starts it again with the same profile, as a restarted phone. */
  restart(): Promise<Device>
  close(): Promise<void>
}

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
]

export interface DeviceOptions {
  readonly viewport: { readonly width: number; readonly height: number }
  readonly scale: number
  readonly mobile: boolean
  /** What this device can besides. */
  readonly flags?: readonly string[]
}

export const phoneShape: DeviceOptions = { viewport: { width: 390, height: 844 }, scale: 2, mobile: true }
export const kioskShape: DeviceOptions = { viewport: { width: 800, height: 1_280 }, scale: 1, mobile: false }

export async function openDevice(options: DeviceOptions): Promise<Device> {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-device-'))
  const camera = createCameraFile(join(folder, 'camera.y4m'))
  return launch(options, folder, camera)
}

async function launch(options: DeviceOptions, folder: string, camera: CameraFile): Promise<Device> {
  const executablePath = await findChromium()
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [...flags, ...(options.flags ?? []), `--use-file-for-fake-video-capture=${camera.path}`],
    viewport: options.viewport,
    deviceScaleFactor: options.scale,
    hasTouch: true,
    isMobile: options.mobile,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
  })
  context.setDefaultTimeout(30_000)
  const page = context.pages()[0] ?? (await context.newPage())
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return {
    context,
    page,
    camera,
    complaints,
    restart: async () => {
      await context.close()
      return launch(options, folder, camera)
    },
    close: async () => {
      await context.close()
      camera.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
