/** How the app feels on a slow phone, from a browser whose processor is slowed down: opening, tapping, jumping. */

import type { Page } from 'playwright'
import { goHome } from '../../e2e/harness/driver-app'
import type { Device } from '../../e2e/harness/browsers'
import { percentile, rounded } from '../figures'

/** As the goals have it: a phone of the middle class is this much slower than a workstation. */
export const cpuSlowness = 4

export async function slowDown(page: Page): Promise<void> {
  const devTools = await page.context().newCDPSession(page)
  await devTools.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowness })
}

/** Counts what the browser's own timelines say; installed before a page's first script. */
export const watchTimelines = (): void => {
  const seen = { interactions: new Map<number, number>(), shift: 0, usableMs: 0, taps: 0 }
  Object.defineProperty(window, 'outpostSeen', { value: seen })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { interactionId: number })[]) {
      if (entry.interactionId === 0) continue
      const before = seen.interactions.get(entry.interactionId) ?? 0
      seen.interactions.set(entry.interactionId, Math.max(before, entry.duration))
    }
  }).observe({ type: 'event', durationThreshold: 16, buffered: true } as PerformanceObserverInit)
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & {
      value: number
      hadRecentInput: boolean
    })[]) {
      if (!entry.hadRecentInput) seen.shift += entry.value
    }
  }).observe({ type: 'layout-shift', buffered: true })
  addEventListener('click', () => (seen.taps += 1), { capture: true })
  // Usable: the primary act of home can be pressed.
  const isUsable = (): boolean =>
    [...document.querySelectorAll('footer button:not([disabled])')].some(
      (button) => button.textContent === 'Charge',
    )
  const look = (): void => {
    if (seen.usableMs === 0 && isUsable()) seen.usableMs = performance.now()
    if (seen.usableMs === 0) requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}

interface Seen {
  readonly interactions: readonly number[]
  readonly shift: number
  readonly usableMs: number
  readonly taps: number
}

export const seenBy = (page: Page): Promise<Seen> =>
  page.evaluate(() => {
    const { interactions, ...others } = (
      window as unknown as {
        outpostSeen: { interactions: Map<number, number>; shift: number; usableMs: number; taps: number }
      }
    ).outpostSeen
    return { ...others, interactions: [...interactions.values()] }
  })

/** Network off, browser started anew: milliseconds from asking for the app to a home that can be used. Gives the phone. */
export async function coldStart(
  phone: Device,
  url: string,
  rounds: number,
): Promise<{ readonly phone: Device; readonly ms: number }> {
  let current = phone
  const times: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    current = await current.restart()
    await current.context.setOffline(true)
    // The TypeScript runner marks named functions by a helper that a page does not have.
    await current.context.addInitScript({ content: 'globalThis.__name ??= (named) => named' })
    await current.context.addInitScript(watchTimelines)
    await slowDown(current.page)
    await current.page.goto(url)
    await goHome(current.page)
    // The page's own watch looks once a frame; on a slow processor that is a moment after the button is there.
    await current.page.waitForFunction(
      () => (window as unknown as { outpostSeen: { usableMs: number } }).outpostSeen.usableMs > 0,
    )
    times.push((await seenBy(current.page)).usableMs)
  }
  return { phone: current, ms: Math.round(percentile(times, 0.5)) }
}

export interface Feel {
  readonly inpMsP75: number
  readonly cls: number
}

/** A walk through the app's rooms and back by touch, at the slow pace of the processor. */
export async function walkAround(page: Page, url: string): Promise<Feel> {
  const interactions: number[] = []
  let shift = 0
  for (const path of ['/', '/receipts', '/account', '/charge', '/verify']) {
    await page.goto(`${url}${path}`)
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    for (const button of await page.locator('main button:visible, main summary:visible').all()) {
      if ((await button.count()) === 0 || !(await button.isEnabled().catch(() => false))) continue
      await button.tap({ timeout: 2_000 }).catch(() => undefined)
      await page.keyboard.press('Escape')
      if (new URL(page.url()).pathname !== path) await page.goBack().catch(() => undefined)
    }
    const seen = await seenBy(page)
    interactions.push(...seen.interactions)
    shift = Math.max(shift, seen.shift)
  }
  return { inpMsP75: Math.round(percentile(interactions, 0.75)), cls: rounded(shift, 3) }
}
