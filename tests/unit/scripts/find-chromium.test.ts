import { expect, test } from 'vitest'
import { findInstalledChromium } from '@/scripts/find-chromium.mjs'

const installedAt =
  (...paths: string[]) =>
  (path: string) =>
    paths.includes(path)

test('a browser named by a variable wins over installed ones', () => {
  const env = { OUTPOST_CHROMIUM: '/opt/mine', CHROME_PATH: '/opt/other', PATH: '/usr/bin' }
  expect(findInstalledChromium(env, installedAt('/opt/mine', '/opt/other', '/usr/bin/chromium'))).toBe(
    '/opt/mine',
  )
})

test('a browser on the search path is found', () => {
  const env = { PATH: '/opt/tools:/opt/browsers' }
  expect(findInstalledChromium(env, installedAt('/opt/browsers/google-chrome'))).toBe(
    '/opt/browsers/google-chrome',
  )
})

test('the usual places are looked at without a search path', () => {
  expect(findInstalledChromium({}, installedAt('/snap/bin/chromium'))).toBe('/snap/bin/chromium')
})

test('nothing is found where nothing is', () => {
  expect(findInstalledChromium({ PATH: '/usr/bin' }, () => false)).toBeUndefined()
})
