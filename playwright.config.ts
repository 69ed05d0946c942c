// Browser tests. They start the processes that they need themselves (fixtures in tests/e2e), so there is no web server here.
import { defineConfig } from 'playwright/test'
import { findInstalledChromium } from './scripts/find-chromium.mjs'

/** Quiet and dependable in a container: no sandbox as root, no calls home. */
const baseFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Whole chargers beside a phone, each with its camera, or everything that `npm start` starts. */
const withCameras = [
  '**/bluetooth.spec.ts',
  '**/ceremony.spec.ts',
  '**/demo.spec.ts',
  '**/fleet-sessions.spec.ts',
  '**/hardships.spec.ts',
  '**/screen-watchdog.spec.ts',
  '**/technician.spec.ts',
]

const executablePath = findInstalledChromium()

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results/browser',
  projects: [
    // Still pictures, one after the other, in parts beside each other; first, because they need the machine and not time.
    {
      name: 'gallery',
      testMatch: '**/gallery.spec.ts',
      outputDir: 'test-results/gallery',
      fullyParallel: true,
      // A third of its time went into recording two thousand pictures; what fails is named with its state, and stands still.
      use: { trace: 'off' },
    },
    // One browser and its server, which mostly wait: several files at a time (`--workers`), while the last parts of the gallery run.
    {
      name: 'pages',
      testIgnore: ['**/gallery.spec.ts', ...withCameras],
      outputDir: 'test-results/pages',
    },
    // Two cameras and two browsers in one test want the machine for themselves.
    { name: 'browser', testMatch: withCameras, workers: 1 },
  ],
  workers: 1,
  fullyParallel: false,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    launchOptions: { args: baseFlags, ...(executablePath === undefined ? {} : { executablePath }) },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
  },
})
