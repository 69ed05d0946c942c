/** The watch over the touchscreen, as systemd's timer runs it, at a real Chromium: one that draws, is blank, is stuck, is gone. */

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium, type Browser, type Page } from 'playwright'
import { expect, test } from 'playwright/test'
import { findChromium } from '@/scripts/find-chromium.mjs'
import { freePort } from '@/tests/fixtures/free-port'
import { run } from '@/tests/integration/kiosk/kiosk-process'

const words = '<!doctype html><title>A</title><p>Plug in to charge</p>'

let server: Server
let browser: Browser
let page: Page
let watch: readonly string[]

test.beforeAll(async () => {
  server = createServer((_request, response) => response.end(words))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const debuggingPort = await freePort()
  const executablePath = await findChromium()
  browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ['--no-sandbox', '--disable-gpu', `--remote-debugging-port=${debuggingPort}`],
  })
  page = await browser.newPage()
  await page.goto(url)
  watch = [`--url=${url}`, `--debugging-port=${debuggingPort}`]
})
test.afterAll(async () => {
  await browser.close()
  server.close()
})

async function look(): Promise<{ code: number | null; said: string }> {
  const looked = await run('charger-kiosk/cli/screen-watchdog.ts', watch, {})
  const { code } = await looked.ended
  return { code, said: looked.output() }
}

test('a page with words is left alone; a blank, a stuck and a closed one are to be started afresh', async () => {
  test.setTimeout(90_000)
  expect(await look()).toEqual({ code: 0, said: '' })
  await page.evaluate(() => document.body.replaceChildren())
  expect(await look()).toMatchObject({ code: 3, said: expect.stringContaining('the page is empty') })
  // From now on its program turns in a circle and draws nothing more.
  void page
    .evaluate(() =>
      setTimeout(() => {
        for (;;);
      }),
    )
    .catch(() => undefined)
  expect(await look()).toMatchObject({ code: 3, said: expect.stringContaining('does not answer') })
  await browser.close()
  expect((await look()).code).toBe(3)
})
