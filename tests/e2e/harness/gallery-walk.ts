/** Walks the gallery without loading it again for each state, and finds what a designer would: faults, cut-off words. */

import axe from 'axe-core'
import type { Page } from 'playwright'

export const galleryThemes = ['day', 'night', 'day-contrast', 'night-contrast'] as const
export type GalleryTheme = (typeof galleryThemes)[number]
export type GalleryLanguage = 'en' | 'de'

export interface ListedState {
  readonly id: string
  readonly frame: 'phone' | 'kiosk' | 'desktop'
  /** The heading that it stands under. */
  readonly group: string
}

export const frames = {
  phone: { width: 390, height: 844 },
  kiosk: { width: 1_280, height: 800 },
  desktop: { width: 1_280, height: 900 },
} as const

/** Every state, by the index that people see. */
export async function listStates(page: Page, url: string): Promise<readonly ListedState[]> {
  await page.goto(`${url}/gallery?lang=en`)
  const links = page.locator('a[data-frame]')
  await links.first().waitFor()
  return links.evaluateAll((found) =>
    found.map((link) => ({
      id: new URL((link as HTMLAnchorElement).href).searchParams.get('state') ?? '',
      frame: (link as HTMLElement).dataset['frame'] as ListedState['frame'],
      group: link.closest('section')?.querySelector('h2')?.textContent ?? '',
    })),
  )
}

/** Shows one state alone. The gallery follows its address; what the state before it had open is gone. */
export async function showState(
  page: Page,
  url: string,
  state: ListedState,
  theme: GalleryTheme,
  language: GalleryLanguage,
): Promise<void> {
  const address = `/gallery?theme=${theme}&lang=${language}&state=${state.id}`
  if (!page.url().startsWith(`${url}/gallery?`)) await page.goto(`${url}${address}`)
  else
    await page.evaluate((next) => {
      history.replaceState(null, '', next)
      window.dispatchEvent(new PopStateEvent('popstate'))
    }, address)
  await page.locator(`[data-gallery-state="${state.id}"]`).waitFor({ state: 'attached' })
  // What comes in by a short move has arrived; what turns for as long as somebody waits goes on.
  await page.evaluate(() => {
    for (const move of document.getAnimations())
      if (Number.isFinite(Number(move.effect?.getComputedTiming().endTime))) move.finish()
  })
}

/**
 * Makes the window as tall as its page, so that a foot that sticks stands in its own place and covers nothing that a
 * finger would scroll to. Gives the size to go back to.
 */
export async function standWhole(page: Page): Promise<{ width: number; height: number }> {
  const before = page.viewportSize() ?? frames.phone
  // Parts that are measured by the window grow with it: a second look is enough for them.
  for (let look = 0; look < 2; look += 1) {
    const height = await page.evaluate(() => document.documentElement.scrollHeight)
    if (height <= (page.viewportSize()?.height ?? 0)) break
    await page.setViewportSize({ width: before.width, height })
  }
  return before
}

const everyRule: axe.RunOptions = {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] },
}
const contrastAlone: axe.RunOptions = { runOnly: { type: 'rule', values: ['color-contrast'] } }

/** Accessibility faults of the whole page, one line each. `contrast`: only what another light can change. */
export async function axeFaults(page: Page, rules: 'all' | 'contrast' = 'all'): Promise<readonly string[]> {
  // A target that is half under the foot is no small target: axe would call it one, wherever the page happens to stand.
  const size = await standWhole(page)
  await teachAxe(page)
  const faults = await page.evaluate(
    async (options) => {
      const { axe: judge } = window as unknown as { axe: typeof axe }
      const { violations } = await judge.run(document, { ...options, resultTypes: ['violations'] })
      return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120)}`)
    },
    rules === 'contrast' ? contrastAlone : everyRule,
  )
  await page.setViewportSize(size)
  return faults
}

/** Once a document: sending half a megabyte and asking in a second page took ten times as long as the rules do. */
async function teachAxe(page: Page): Promise<void> {
  if (await page.evaluate(() => 'axe' in window)) return
  await page.evaluate(axe.source)
}

/** Parts of a charger's screen that are higher than their place: it never scrolls, so they would lie on each other. */
export const spiltParts = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('.kiosk-stage, .kiosk-side, .kiosk-camera, .kiosk-ground > main')]
      .filter((part) => part.scrollHeight > part.clientHeight + 2)
      .map((part) => `${part.className.slice(0, 30)}: ${part.scrollHeight} in ${part.clientHeight} px`),
  )

/** Words that are cut off, or stand outside the page. What is meant for screen readers alone is no text of the screen. */
export const cutOffWords = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const width = document.documentElement.clientWidth
    const found: string[] = []
    if (document.documentElement.scrollWidth > width)
      found.push(`the page is ${document.documentElement.scrollWidth} wide`)
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
      const holder = node.parentElement
      if (holder === null || node.textContent?.trim() === '') continue
      if (holder.closest('[hidden], script, style, svg') !== null || isOnlySpoken(holder)) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      const box = range.getBoundingClientRect()
      if (box.width === 0) continue
      const clip = clippingBox(holder)
      if (box.left < clip.left - 1.5 || box.right > clip.right + 1.5)
        found.push(`“${node.textContent?.trim().slice(0, 60)}”`)
    }
    return found

    /** Also where only a narrow page leaves a word to screen readers: what counts is how it is drawn. */
    function isOnlySpoken(element: Element): boolean {
      for (let box: Element | null = element; box !== null; box = box.parentElement) {
        const { position, width: drawn, overflowX } = getComputedStyle(box)
        if (position === 'absolute' && drawn === '1px' && overflowX === 'hidden') return true
      }
      return false
    }

    /** The part of the page that this element may draw on: sideways scrolling by a finger is no cutting off. */
    function clippingBox(element: Element): { left: number; right: number } {
      let [left, right] = [0, width]
      for (
        let box: Element | null = element;
        box !== null && box !== document.body;
        box = box.parentElement
      ) {
        const { overflowX } = getComputedStyle(box)
        if (overflowX === 'auto' || overflowX === 'scroll') return { left: -Infinity, right: Infinity }
        if (overflowX !== 'hidden' && overflowX !== 'clip') continue
        const edge = box.getBoundingClientRect()
        left = Math.max(left, edge.left)
        right = Math.min(right, edge.right)
      }
      return { left, right }
    }
  })
