/**
 * Every state of every screen, as the gallery shows it alone: no accessibility fault by day or night, no complaint, no
 * word cut off in German, on the narrowest phone, or in letters of twice the size. The bench walks all combinations.
 */

import { expect, test } from 'playwright/test'
import { AppServer } from './harness/app-server'
import {
  axeFaults,
  cutOffWords,
  frames,
  listStates,
  showState,
  spiltParts,
  type ListedState,
} from './harness/gallery-walk'

test.describe.configure({ mode: 'parallel', timeout: 600_000 })

let app: AppServer
let states: readonly ListedState[]
test.beforeAll(async ({ browser }) => {
  app = await AppServer.start()
  const page = await browser.newPage()
  states = await listStates(page, app.url)
  await page.close()
})
test.afterAll(async () => {
  await app?.close()
})

/** A 7-inch panel upright and a 15-inch panel across. */
const chargerScreens = {
  upright: { width: 600, height: 1_024 },
  across: { width: 1_280, height: 720 },
} as const

// First, because it is the longest.
test('no word is cut off: in German, on the narrowest phone, in letters of twice the size', async ({
  page,
}) => {
  for (const state of states) {
    await page.setViewportSize(frames[state.frame])
    await showState(page, app.url, state, 'day', 'de')
    expect.soft(await cutOffWords(page), `${state.id} in German`).toEqual([])
    if (state.frame === 'kiosk') {
      for (const [shape, size] of Object.entries(chargerScreens)) {
        await page.setViewportSize(size)
        expect.soft(await spiltParts(page), `${state.id} in German, ${shape}`).toEqual([])
      }
    }
    if (state.frame !== 'phone') continue
    await page.setViewportSize({ width: 320, height: 640 })
    expect.soft(await cutOffWords(page), `${state.id} in German, 320 px`).toEqual([])
    await page.setViewportSize(frames.phone)
    await page.evaluate(() => (document.documentElement.style.fontSize = '200%'))
    expect.soft(await cutOffWords(page), `${state.id} in German, twice as large`).toEqual([])
    await page.evaluate(() => (document.documentElement.style.fontSize = ''))
  }
})

/** The walk in parts, so that none of them is long. */
const partCount = 6

for (let part = 0; part < partCount; part += 1) {
  test(`every state passes axe by day, by night and in strong contrast, part ${part + 1} of ${partCount}`, async ({
    page,
  }) => {
    expect(states.length).toBeGreaterThan(80)
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    for (const [index, state] of states.entries()) {
      if (index % partCount !== part) continue
      await page.setViewportSize(frames[state.frame])
      // Strong contrast changes tokens alone, and only to more: here every fourth state, by day or by night in turn.
      const turn = Math.floor(index / partCount)
      const strong = turn % 8 === 0 ? (['night-contrast'] as const) : (['day-contrast'] as const)
      for (const theme of ['day', 'night', ...(turn % 4 === 0 ? strong : [])] as const) {
        await showState(page, app.url, state, theme, 'en')
        // The bench asks every rule of every theme; another light changes contrasts alone.
        const faults = await axeFaults(page, theme === 'day' ? 'all' : 'contrast')
        expect.soft(faults, `${state.id} by ${theme}`).toEqual([])
      }
    }
    expect(complaints).toEqual([])
  })
}
