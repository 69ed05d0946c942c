/** What a person does who has only a keyboard: from one thing to the next by Tab, and Enter. */

import { expect } from 'playwright/test'
import type { Locator, Page } from 'playwright'

/** More than any page of a console holds; whatever is farther away cannot be reached. */
const stepsMax = 80

export async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor()
  for (let step = 0; step < stepsMax; step += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`${String(wanted)} cannot be reached by Tab`)
}

export async function enterOn(page: Page, wanted: Locator): Promise<void> {
  await tabTo(page, wanted)
  await expect(wanted).toBeEnabled()
  await page.keyboard.press('Enter')
}
