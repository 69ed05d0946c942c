/** Every state of every screen, as the gallery shows it alone: no accessibility violation, no complaint, no sideways scroll. */

import AxeBuilder from '@axe-core/playwright'
import { expect, test } from 'playwright/test'
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

/** Half of the states by day and the other half by night, so that the walk stays short; each theme meets every screen. */
test('every state passes axe', async ({ page }) => {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(`${app.url}/gallery?lang=en`)
  const links = page.locator('a[href*="state="]')
  await links.first().waitFor()
  const states = await links.evaluateAll((found) =>
    found.map((link) => new URL((link as HTMLAnchorElement).href).searchParams.get('state') ?? ''),
  )
  expect(states.length).toBeGreaterThan(80)
  for (const [index, state] of states.entries()) {
    const isConsole = state.startsWith('fleet')
    await page.setViewportSize(isConsole ? frames.desktop : frames.phone)
    await page.goto(`${app.url}/gallery?theme=${themes[index % 2]}&lang=en&state=${state}`)
    await page.locator('main, [role=main], h1').first().waitFor()
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
      .analyze()
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120)}`)
    expect.soft(found, `${state} by ${themes[index % 2]}`).toEqual([])
  }
  expect(complaints).toEqual([])
})
