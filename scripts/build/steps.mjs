// The build steps of every part, in the order in which they depend on each other.
import { inProject, logFilePath, projectRoot } from '../setup/root.mjs'
import { PlainFailure } from '../setup/plain-failure.mjs'
import { runCommand } from '../setup/run-command.mjs'
import { buildBundles, bundles } from './bundles.mjs'

const shared = ['package-lock.json', 'package.json', 'tsconfig.json', 'lib', 'components']

/** Runs a tool of node_modules; its output goes to a log file, its last line to the progress display. */
async function tool(name, script, args, env = {}) {
  const logFile = logFilePath(`build-${name}`)
  const outcome = await runCommand(process.execPath, [inProject(`node_modules/${script}`), ...args], {
    logFile,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...env },
  })
  if (outcome.exitCode !== 0) throw new PlainFailure(`Building the ${name} failed.`, logFile)
}

/** @type {import('./build-step.mjs').BuildStep} */
const processes = {
  name: 'processes',
  inputs: [...shared, 'charger-kiosk', 'simulator', 'scripts', 'app/api'],
  outputs: Object.keys(bundles).map((out) => `dist/${out}.mjs`),
  run: async () => {
    try {
      await buildBundles(projectRoot, 'dist')
    } catch {
      throw new PlainFailure('Bundling the processes failed; the lines above say where.')
    }
  },
}

/** @type {import('./build-step.mjs').BuildStep} */
const kioskScreen = {
  name: 'kiosk screen',
  inputs: [
    ...shared,
    'charger-kiosk/screen',
    'charger-kiosk/screen-protocol.ts',
    'app/globals.css',
    'public',
  ],
  outputs: ['dist/kiosk-screen/index.html'],
  run: () =>
    tool('kiosk screen', 'vite/bin/vite.js', ['build', '--config', 'charger-kiosk/screen/vite.config.ts']),
}

/** @type {import('./build-step.mjs').BuildStep} */
const cloud = {
  name: 'cloud and driver app',
  inputs: [...shared, 'app', 'simulator', 'next.config.js', 'postcss.config.mjs'],
  outputs: ['.next/BUILD_ID'],
  settings: [`demo ${process.env.NEXT_PUBLIC_OUTPOST_DEMO ?? ''}`],
  run: async (busyWith) => {
    busyWith('the longest step, one or two minutes')
    await tool('cloud', 'next/dist/bin/next', ['build'])
    busyWith('')
  },
}

/** Steps of one stage run beside each other; the next stage waits for all of them. */
export const stages = [[processes], [cloud, kioskScreen]]
