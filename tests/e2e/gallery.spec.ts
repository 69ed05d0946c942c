/** Every state of every screen, as the gallery shows it alone: no accessibility violation, no complaint, no sideways scroll. */

import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from 'playwright/test'
import { AppServer } from './harness/app-server'

test.describe.configure({ mode: 'serial', timeout: 300_000 })

let app: AppServer
test.beforeAll(async () => {
  app = await AppServer.start()
})
test.afterAll(async () => {
  await app?.close()
})

const frames = { phone: { width: 390, height: 844 }, desktop: { width: 1_280, height: 900 } } as const
const themes = ['day', 'night'] as const

/** The walk in parts, so that none of them is long. */
const partCount = 4

/** Half of the states by day and the other half by night, so that the walk stays short; each theme meets every screen. */
for (let part = 0; part < partCount; part += 1) {
  test(`every state passes axe, part ${part + 1} of ${partCount}`, async ({ page }) => {
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    const states = await statesOfGallery(page)
    expect(states.length).toBeGreaterThan(80)
    for (const [index, state] of states.entries()) {
      if (index % partCount !== part) continue
      const theme = themes[Math.floor(index / partCount) % 2]
      await page.setViewportSize(state.startsWith('fleet') ? frames.desktop : frames.phone)
      await page.goto(`${app.url}/gallery?theme=${theme}&lang=en&state=${state}`)
      await page.locator('main, [role=main], h1').first().waitFor()
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
        .analyze()
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120)}`)
      expect.soft(found, `${state} by ${theme}`).toEqual([])
      const overhang = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect.soft(overhang, `${state} scrolls sideways`).toBeLessThanOrEqual(0)
    }
    expect(complaints).toEqual([])
  })
}

async function statesOfGallery(page: Page): Promise<readonly string[]> {
  await page.goto(`${app.url}/gallery?lang=en`)
  const links = page.locator('a[href*="state="]')
  await links.first().waitFor()
  return links.evaluateAll((found) =>
    found.map((link) => new URL((link as HTMLAnchorElement).href).searchParams.get('state') ?? ''),
  )
}
