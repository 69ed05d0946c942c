/** What a person does at the charger's screen, by its words. */

import type { Page } from 'playwright'

export const offerCode = (page: Page) => page.getByRole('img', { name: 'Scan this code with your phone' })
export const receiptCode = (page: Page) => page.getByRole('img', { name: 'Scan your receipt' })

/** The six digits that the screen shows for a minute after the start. */
export async function readStopCode(page: Page): Promise<string> {
  const card = page.getByText('Your stop code').locator('..')
  await card.waitFor()
  const digits = (await card.innerText()).replaceAll(/\s/g, '').match(/\d{6}/)?.[0]
  if (digits === undefined) throw new Error('The screen shows no stop code')
  return digits
}

export async function stopWithCode(page: Page, stopCode: string): Promise<void> {
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  for (const digit of stopCode) await page.getByRole('button', { name: digit, exact: true }).click()
  await page.getByRole('button', { name: 'Stop charging' }).click()
}
