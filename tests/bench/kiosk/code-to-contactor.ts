/**
 * How long a driver holds up the phone: from the code standing before the touchscreen's camera until the controller's
 * command to close the contactor has reached the charger. A camera file, Chromium with the built touchscreen, the
 * controller as a process with its journal on disk, and an OCPP charger; nothing in between is left out.
 */

import sharp from 'sharp'
import { qrModules, qrPath } from '@/components/ui/qr-modules'
import { kioskShape, openDevice } from '@/tests/e2e/harness/browsers'
import { Panel } from '@/tests/integration/kiosk/kiosk-process'
import { percentile, progress, rounded } from '../figures'
import { authorizationFor, openKioskSite } from './kiosk-site'
import { LoadCharger } from './load-charger'

const identity = 'LOAD-1'
const holdMinor = 1_500
/** The first ones wait for the decoder and for compilers. */
const warmUpRuns = 2
/** Of the camera's 720 lines: a phone held a hand's width before the lens. */
const codePixels = 560
const quietZone = 4
/** A driver does not hold up the phone in the instant in which the screen changes. */
const reachesOutMs = 700

/** The 95th percentile of so many runs, in milliseconds. */
export async function measureCodeToContactor(runs: number): Promise<number> {
  const site = await openKioskSite([identity], 1)
  const device = await openDevice(kioskShape)
  let charger: LoadCharger | undefined
  try {
    await site.start()
    const panel = await Panel.open(site.screenPort)
    await device.page.goto(`http://127.0.0.1:${site.screenPort}/`)
    charger = await LoadCharger.connect(site.ocppPort, identity)
    const timings: number[] = []
    for (let run = 0; run < warmUpRuns + runs; run += 1) {
      await panel.until('available')
      await charger.plug()
      const { offerCode } = await panel.until('offering')
      const picture = await pictureOf(await authorizationFor(offerCode, `driver ${run}`, holdMinor))
      await new Promise((resolve) => setTimeout(resolve, reachesOutMs))
      const commanded = charger.untilCommanded()
      const shownMs = performance.now()
      await device.camera.show(picture)
      timings.push((await commanded) - shownMs)
      await panel.until('charging')
      device.camera.clear()
      await charger.end()
      await panel.until('finished')
      panel.say({ type: 'dismiss', connectorId: 1 })
      if ((run + 1) % 10 === 0) progress(`${run + 1} codes held up`)
    }
    panel.close()
    return rounded(percentile(timings.slice(warmUpRuns), 0.95), 0)
  } finally {
    charger?.close()
    await device.close()
    await site.close()
  }
}

/** As on a phone's screen: white around it, and grey where the phone ends. */
async function pictureOf(text: string): Promise<Buffer> {
  const modules = qrModules(text)
  if (modules === undefined) throw new Error('The authorization fits no code')
  const size = modules.size + 2 * quietZone
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}"><rect width="${size}" height="${size}" fill="#fff"/><path d="${qrPath(modules, quietZone)}" fill="#000"/></svg>`
  const code = await sharp(Buffer.from(svg), { density: 600 })
    .resize(codePixels, codePixels, { kernel: 'nearest' })
    .png()
    .toBuffer()
  const [width, height, left] = [1_280, 720, Math.floor((1_280 - codePixels) / 2)]
  return sharp({ create: { width, height, channels: 3, background: '#606060' } })
    .composite([{ input: code, left, top: Math.floor((height - codePixels) / 2) }])
    .png()
    .toBuffer()
}
