/** Pictures of every state of a product for docs/screens: by day, and the main ones by night. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { chromium } from 'playwright'
import sharp from 'sharp'
import { findChromium } from '@/scripts/find-chromium.mjs'
import { inProject } from '@/scripts/setup/root.mjs'
import { AppServer } from '../e2e/harness/app-server'
import { frames, listStates, showState, standWhole } from '../e2e/harness/gallery-walk'

interface Album {
  readonly folder: string
  readonly holds: (group: string) => boolean
  readonly size: { readonly width: number; readonly height: number }
  /** What people see most. */
  readonly alsoByNight: RegExp
}

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
} as const satisfies Record<string, Album>

/** Gives how many pictures were taken: of every state, or of those whose name begins with one of `only`. */
export async function takeScreens(
  product: keyof typeof albums,
  only: readonly string[] = [],
): Promise<number> {
  const { folder, holds, size: shape, alsoByNight }: Album = albums[product]
  const executablePath = await findChromium()
  const app = await AppServer.start()
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ['--no-sandbox', '--disable-gpu'],
  })
  mkdirSync(inProject(folder), { recursive: true })
  let taken = 0
  try {
    const page = await browser.newPage({ viewport: shape, reducedMotion: 'reduce' })
    const states = (await listStates(page, app.url)).filter(
      ({ group, id }) => holds(group) && (only.length === 0 || only.some((name) => id.startsWith(name))),
    )
    for (const state of states) {
      const themes = alsoByNight.test(state.id) ? (['day', 'night'] as const) : (['day'] as const)
      for (const theme of themes) {
        await page.setViewportSize(shape)
        await showState(page, app.url, state, theme, 'en')
        await page.evaluate(() => document.fonts.ready)
        await standWhole(page)
        const picture = await page.screenshot({ animations: 'disabled' })
        // Few colours are enough for screens, and a quarter of the bytes.
        const small = await sharp(picture).png({ palette: true, colours: 32, effort: 9 }).toBuffer()
        writeFileSync(inProject(`${folder}/${state.id}-${theme}.png`), small)
        taken += 1
      }
    }
    return taken
  } finally {
    await browser.close()
    await app.close()
  }
}
