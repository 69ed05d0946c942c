/** The whole gallery: every state, theme, language and size, with accessibility, cut-off words and complaints. */

import { chromium } from 'playwright'
import { findChromium } from '@/scripts/find-chromium.mjs'
import { AppServer } from '../../e2e/harness/app-server'
import {
  axeFaults,
  cutOffWords,
  frames,
  galleryThemes,
  listStates,
  showState,
} from '../../e2e/harness/gallery-walk'

export interface MatrixFigures {
  readonly states: number
  readonly pictures: number
  readonly axeFaults: number
  readonly cutOff: number
  readonly complaints: number
}

const sizes = [
  { name: 'phone', size: frames.phone, letters: '' },
  { name: '320 px', size: { width: 320, height: 640 }, letters: '' },
  { name: 'letters twice as large', size: frames.phone, letters: '200%' },
] as const

/** Faults go to standard error, one line each. */
export async function walkMatrix(onState: (done: number, all: number) => void): Promise<MatrixFigures> {
  const executablePath = await findChromium()
  const app = await AppServer.start()
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ['--no-sandbox', '--disable-gpu'],
  })
  const counts = { pictures: 0, axeFaults: 0, cutOff: 0, complaints: 0 }
  const tell = (
    kind: 'axeFaults' | 'cutOff' | 'complaints',
    where: string,
    faults: readonly string[],
  ): void => {
    counts[kind] += faults.length
    for (const fault of faults) process.stderr.write(`${where}: ${fault}\n`)
  }
  try {
    const context = await browser.newContext()
    // The TypeScript runner marks named functions by a helper that a page does not have.
    await context.addInitScript({ content: 'globalThis.__name ??= (named) => named' })
    const page = await context.newPage()
    page.on('pageerror', (error) => tell('complaints', page.url(), [error.message]))
    page.on('console', (message) => {
      if (message.type() === 'error') tell('complaints', page.url(), [message.text()])
    })
    const states = await listStates(page, app.url)
    for (const [index, state] of states.entries()) {
      onState(index, states.length)
      const shapes =
        state.frame === 'phone' ? sizes : [{ name: state.frame, size: frames[state.frame], letters: '' }]
      for (const { name, size, letters } of shapes) {
        await page.setViewportSize(size)
        for (const theme of galleryThemes) {
          for (const language of ['en', 'de'] as const) {
            await showState(page, app.url, state, theme, language)
            await page.evaluate((zoom) => (document.documentElement.style.fontSize = zoom), letters)
            const where = `${state.id} by ${theme} in ${language}, ${name}`
            tell('axeFaults', where, await axeFaults(page))
            tell('cutOff', where, await cutOffWords(page))
            counts.pictures += 1
          }
        }
      }
    }
    return { states: states.length, ...counts }
  } finally {
    await browser.close()
    await app.close()
  }
}
