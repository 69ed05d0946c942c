// The build steps of every part, in the order in which they depend on each other.
import { PlainFailure } from '../setup/plain-failure.mjs'
import { inProject, logFilePath, projectRoot } from '../setup/root.mjs'
import { runCommand } from '../setup/run-command.mjs'
import { buildBundles, bundles } from './bundles.mjs'
import { policiesFile, writePagePolicies } from './page-policies.mjs'

const shared = ['package-lock.json', 'tsconfig.json', 'lib', 'components']

/** Runs a tool of node_modules; its output goes to a log file. */
async function tool(name, script, args, env = {}) {
  const logFile = logFilePath(`build-${name.replaceAll(' ', '-')}`)
  const outcome = await runCommand(process.execPath, [inProject(`node_modules/${script}`), ...args], {
    logFile,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', ...env },
  })
  if (outcome.exitCode !== 0) throw new PlainFailure(`Building the ${name} failed.`, logFile)
}

/** @returns {import('./build-step.mjs').BuildStep} */
const processes = () => ({
  name: 'processes',
  inputs: [...shared, 'charger-kiosk', 'simulator', 'scripts'],
  outputs: Object.keys(bundles).map((out) => `dist/${out}.mjs`),
  run: async () => {
    try {
      await buildBundles(projectRoot, 'dist')
    } catch {
      throw new PlainFailure('Bundling the processes failed; the lines above say where.')
    }
  },
})

/** @returns {import('./build-step.mjs').BuildStep} */
const kioskScreen = (demo) => ({
  name: 'kiosk screen',
  inputs: [...shared, 'charger-kiosk/screen', 'charger-kiosk/screen-protocol.ts', 'app/globals.css'],
  outputs: ['dist/kiosk-screen/index.html'],
  settings: [`demo ${demo}`],
  run: () =>
    tool(
      'kiosk screen',
      'vite/bin/vite.js',
      ['build', '--config', 'charger-kiosk/screen/vite.config.ts', '--logLevel', 'warn'],
      { OUTPOST_DEMO: demo ? '1' : '' },
    ),
})

/** @returns {import('./build-step.mjs').BuildStep} */
const cloud = (demo) => ({
  name: 'cloud and driver app',
  inputs: [
    ...shared,
    'app',
    'scripts/start/demo-control-types.ts',
    'instrumentation.ts',
    'proxy.ts',
    'scripts/build/content-policy.mjs',
    'next.config.js',
    'postcss.config.mjs',
    'service-worker',
  ],
  outputs: ['.next/BUILD_ID'],
  settings: [`demo ${demo}`],
  run: async (busyWith) => {
    busyWith('the longest step, about a minute')
    await tool('cloud', 'next/dist/bin/next', ['build'], { OUTPOST_DEMO: demo ? '1' : '' })
    busyWith('')
  },
})

/** @returns {import('./build-step.mjs').BuildStep} */
const pagePolicies = (demo) => ({
  name: 'page policies',
  inputs: [
    '.next/BUILD_ID',
    'scripts/build/content-policy.mjs',
    'scripts/build/inline-code.mjs',
    'scripts/build/page-policies.mjs',
  ],
  outputs: [`.next/${policiesFile}`],
  settings: [`demo ${demo}`],
  run: async () => {
    try {
      writePagePolicies({ root: projectRoot, demo })
    } catch (error) {
      throw new PlainFailure(`Writing the pages' policies failed: ${error.message}`)
    }
  },
})

/** @returns {import('./build-step.mjs').BuildStep} */
const publicFiles = () => ({
  name: 'public files',
  inputs: ['package-lock.json', 'service-worker/public-files.mjs'],
  outputs: ['public/zxing/zxing_reader.wasm'],
  run: async () => {
    const { copyPublicFiles } = await import('../../service-worker/public-files.mjs')
    await copyPublicFiles({ root: projectRoot })
  },
})

/** @returns {import('./build-step.mjs').BuildStep} */
const serviceWorker = () => ({
  name: 'service worker',
  // Not all of public/: the step writes there too.
  inputs: [
    'package-lock.json',
    '.next/BUILD_ID',
    `.next/${policiesFile}`,
    'service-worker',
    'public/manifest.webmanifest',
    'public/icons',
  ],
  outputs: ['public/sw.js'],
  run: async () => {
    const { buildServiceWorker } = await import('../../service-worker/build.mjs')
    try {
      await buildServiceWorker({ root: projectRoot })
    } catch (error) {
      throw new PlainFailure(`Building the service worker failed: ${error.message}`)
    }
  },
})

/**
 * Steps of one stage run beside each other; the next stage waits for all of them.
 * @param {{ demo: boolean }} options `demo`: with the demo page's cameras, which a product build does not contain
 */
export const stages = ({ demo }) => [
  [processes(), publicFiles()],
  [cloud(demo), kioskScreen(demo)],
  [pagePolicies(demo)],
  [serviceWorker()],
]
