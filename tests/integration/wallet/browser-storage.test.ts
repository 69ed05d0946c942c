import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { chromium, type BrowserContext, type Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findChromium } from '@/scripts/find-chromium.mjs'
import { storeContract } from '../../fixtures/wallet-store-contract'
import type { Probes } from '../../fixtures/wallet-browser-probe'

const folder = mkdtempSync(join(tmpdir(), 'outpost-storage-'))
let server: Server
let origin: string
let context: BrowserContext

async function launch(): Promise<BrowserContext> {
  const executablePath = await findChromium()
  return chromium.launchPersistentContext(join(folder, 'profile'), {
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  })
}

beforeAll(async () => {
  const bundled = await build({
    entryPoints: ['tests/fixtures/wallet-browser-probe.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    tsconfig: 'tsconfig.json',
  })
  const script = bundled.outputFiles[0]?.text ?? ''
  server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(`<!doctype html><title>probe</title><script>${script.replaceAll('</', '<\\/')}</script>`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://localhost:${(server.address() as AddressInfo).port}`
  context = await launch()
})

afterAll(async () => {
  await context.close()
  await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true, force: true })
})

async function openProbe(): Promise<Page> {
  const page = await context.newPage()
  await page.goto(origin)
  return page
}

type Globals = typeof globalThis & { probes: Probes }

test.each(storeContract.map(({ says }, index) => ({ says, index })))(
  'the store on IndexedDB $says',
  async ({ index }) => {
    const page = await openProbe()
    expect(await page.evaluate((at) => (globalThis as Globals).probes.clause(at), index)).toBe('held')
    await page.close()
  },
)

test.each(['platform', 'sealed'] as const)(
  'a %s key gives nothing away, signs, and signs the same after the browser was restarted',
  async (kind) => {
    let page = await openProbe()
    const made = await page.evaluate((asked) => (globalThis as Globals).probes.makeKey(asked), kind)
    expect(made).toMatchObject({ protection: kind, exports: false })
    const sign = (): ReturnType<Probes['sign']> =>
      page.evaluate(([asked, key]) => (globalThis as Globals).probes.sign(asked, key), [
        kind,
        made.key,
      ] as const)
    const before = await sign()
    expect(before).toMatchObject({
      isRight: true,
      protection: kind,
      asked: kind === 'sealed' ? 'unlock' : '',
    })
    await context.close()
    context = await launch()
    page = await openProbe()
    expect(await sign()).toEqual(before)
  },
)

test('a sealed key signs nothing for whoever turns away, and ten wrong PINs destroy it with its seal', async () => {
  const page = await openProbe()
  const { key } = await page.evaluate(() => (globalThis as Globals).probes.makeKey('sealed'))
  expect(await page.evaluate((of) => (globalThis as Globals).probes.refuseToUnlock(of), key)).toBe('locked')
  const after = await page.evaluate((of) => (globalThis as Globals).probes.guessPins(of), key)
  expect(after).toEqual({ last: 'destroyed', lock: undefined, key: undefined })
  await page.close()
})

test('a database of before keeps its records and platform keys, and learns of seals', async () => {
  const page = await openProbe()
  expect(await page.evaluate(() => (globalThis as Globals).probes.upgrade())).toEqual({
    kept: [7, ['aa']],
    stores: ['device', 'keys', 'records'],
  })
  await page.close()
})

test('a phone has one id for good', async () => {
  let page = await openProbe()
  const ask = () => page.evaluate(() => (globalThis as Globals).probes.phoneId())
  const [id, same] = await ask()
  expect(id).toMatch(/^[0-9a-f]{32}$/)
  expect(same).toBe(id)
  await page.close()
  page = await openProbe()
  expect((await ask())[0]).toBe(id)
  await page.close()
})

test('one tab owns the wallet; the next gets it when the first is closed', async () => {
  const first = await openProbe()
  const second = await openProbe()
  const acquire = (page: Page): Promise<boolean> =>
    page.evaluate(() => (globalThis as Globals).probes.acquire())
  expect(await acquire(first)).toBe(true)
  expect(await acquire(second)).toBe(false)
  await first.close()
  expect(await acquire(second)).toBe(true)
  await second.close()
})

test.each([true, false])(
  'another tab takes the wallet over, whether its owner lets go when asked (%s) or hangs',
  async (letsGo) => {
    const first = await openProbe()
    const second = await openProbe()
    expect(await first.evaluate((does) => (globalThis as Globals).probes.own(does), letsGo)).toBe(true)
    expect(await second.evaluate(() => (globalThis as Globals).probes.acquire(true))).toBe(true)
    await expect
      .poll(() => first.evaluate(() => (globalThis as Globals).probes.timesLost()))
      .toBeGreaterThan(0)
    expect(await second.evaluate(() => (globalThis as Globals).probes.timesLost())).toBe(0)
    expect(await first.evaluate(() => (globalThis as Globals).probes.acquire())).toBe(false)
    await first.close()
    await second.close()
  },
)
