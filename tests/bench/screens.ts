/** Pictures of every state of a product for docs/screens: by day, and the main ones by night. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { chromium } from 'playwright'
import sharp from 'sharp'
import { findChromium } from '@/scripts/find-chromium.mjs'
import { inProject } from '@/scripts/setup/root.mjs'
import { AppServer } from '../e2e/harness/app-server'
import { frames, listStates, showState, standWhole, type GalleryTheme } from '../e2e/harness/gallery-walk'

interface Album {
  readonly folder: string
  readonly holds: (group: string) => boolean
  readonly size: { readonly width: number; readonly height: number }
  /** What people see most. */
  readonly alsoByNight: RegExp
  readonly alsoOnPhone?: RegExp
}

const mainPlaces =
  /^(?:fleet|credit|drivers|tokens|token|cards|printed|sessions|session-evidence|people|operator-fleets|operator-payments|operator-case-mine)$/

const albums = {
  driver: {
    folder: 'docs/screens/driver',
    // States of the kiosk, the console and single parts have no place here.
    holds: (group) => /^(?:Driver|Verify)/.test(group),
    size: frames.phone,
    alsoByNight:
      /^(?:home-offline|home-ready|approve|show-code|session|receipt-settled|receipts|energy|wallet)$/,
  },
  kiosk: {
    folder: 'docs/screens/kiosk',
    holds: (group) => group.startsWith('Kiosk'),
    // A 7-inch panel upright.
    size: { width: 600, height: 1_024 },
    alsoByNight: /^kiosk-(?:attract|offer|refused-pinned|charging|finished|unavailable|ease)$/,
  },
  console: {
    folder: 'docs/screens/console',
    holds: (group) => /^(?:Console|Operator)/.test(group),
    size: frames.desktop,
    alsoByNight: mainPlaces,
    alsoOnPhone: mainPlaces,
  },
} as const satisfies Record<string, Album>

/** Gives how many pictures were taken: of every state, or of those whose name begins with one of `only`. */
export async function takeScreens(
  product: keyof typeof albums,
  only: readonly string[] = [],
): Promise<number> {
  const album: Album = albums[product]
  const { folder, holds, size } = album
  const executablePath = await findChromium()
  const app = await AppServer.start()
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ['--no-sandbox', '--disable-gpu'],
  })
  mkdirSync(inProject(folder), { recursive: true })
  let taken = 0
  try {
    const page = await browser.newPage({ viewport: size, reducedMotion: 'reduce' })
    const states = (await listStates(page, app.url)).filter(
      ({ group, id }) => holds(group) && (only.length === 0 || only.some((name) => id.startsWith(name))),
    )
    for (const state of states) {
      for (const shot of shotsOf(state.id, album)) {
        await page.setViewportSize(shot.size)
        await showState(page, app.url, state, shot.theme, 'en')
        await page.evaluate(() => document.fonts.ready)
        await standWhole(page)
        const picture = await page.screenshot({ animations: 'disabled' })
        // Few colours are enough for screens, and a quarter of the bytes.
        const small = await sharp(picture).png({ palette: true, colours: 32, effort: 9 }).toBuffer()
        writeFileSync(inProject(`${folder}/${state.id}-${shot.name}.png`), small)
        taken += 1
      }
    }
    return taken
  } finally {
    await browser.close()
    await app.close()
  }
}

interface Shot {
  readonly name: string
  readonly theme: GalleryTheme
  readonly size: Album['size']
}

function shotsOf(id: string, { size, alsoByNight, alsoOnPhone }: Album): readonly Shot[] {
  const shots: Shot[] = [{ name: 'day', theme: 'day', size }]
  if (alsoByNight.test(id)) shots.push({ name: 'night', theme: 'night', size })
  if (alsoOnPhone?.test(id) === true) shots.push({ name: 'phone-day', theme: 'day', size: frames.phone })
  return shots
}
