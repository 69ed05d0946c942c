// `npm run bench -- ceremony | reconcile | driver-app | kiosk | console [--json]`: measures, and writes figures into README.md when asked to.
import { buildAll } from './build.mjs'
import { ensureChromium } from './setup/ensure-chromium.mjs'
import { createProgress } from './setup/progress.mjs'
import { runTypeScript } from './setup/run-typescript.mjs'

process.exitCode = await runTypeScript(async () => {
  // The driver's app is measured as it is built and as a browser runs it; pictures are taken of what was built.
  if (process.argv[2] === 'driver-app' || process.argv.includes('--screens')) {
    const progress = createProgress()
    process.env.OUTPOST_CHROMIUM = await ensureChromium(progress)
    await buildAll(progress, { demo: true })
  } else if (process.argv[2] === 'kiosk') {
    // A code is held before the camera of the touchscreen as it is built.
    const progress = createProgress()
    process.env.OUTPOST_CHROMIUM = await ensureChromium(progress)
    await buildAll(progress, { demo: true, only: ['kiosk screen'] })
  }
  const { bench } = await import('./bench/main.ts')
  return bench(process.argv.slice(2))
})
