// Finds a Chromium for the end-to-end tests: named by a variable, installed in a usual place, or Playwright's own.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const namesOnPath = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Places to look at, best first.
 * @param {Readonly<Record<string, string | undefined>>} env
 */
export function chromiumCandidates(env) {
  const named = [env.OUTPOST_CHROMIUM, env.CHROME_PATH].filter((path) => path !== undefined && path !== '')
  const onPath = (env.PATH ?? '')
    .split(delimiter)
    .filter((directory) => directory !== '')
    .flatMap((directory) => namesOnPath.map((name) => join(directory, name)))
  return [...named, ...onPath, ...usualPlaces]
}

/**
 * @param {Readonly<Record<string, string | undefined>>} [env]
 * @param {(path: string) => boolean} [exists]
 * @returns {string | undefined}
 */
export function findInstalledChromium(env = process.env, exists = isExecutable) {
  return chromiumCandidates(env).find(exists)
}

/** The browser that Playwright downloaded itself, if it did. */
export async function findPlaywrightChromium() {
  const { chromium } = await import('playwright')
  const path = chromium.executablePath()
  return path !== '' && isExecutable(path) ? path : undefined
}

export const findChromium = async () => findInstalledChromium() ?? (await findPlaywrightChromium())
