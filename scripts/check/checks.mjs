// The checks of the gate: what each runs. Longest first, so that two lanes end at about the same time.
import { existsSync } from 'node:fs'
import { inProject } from '../setup/root.mjs'

const sourceFolders = [
  'app',
  'charger-kiosk',
  'components',
  'lib',
  'scripts',
  'service-worker',
  'simulator',
  'site-gateway',
  'tests',
]

/** @typedef {{ name: string, script: string, args: readonly string[] }} Check `script` below node_modules */

/** @returns {Check[]} */
export function checks({ withFastTests }) {
  const folders = sourceFolders.filter((folder) => existsSync(inProject(folder)))
  const typeConfigs = ['tsconfig.json', 'service-worker/tsconfig.json'].filter((path) =>
    existsSync(inProject(path)),
  )
  return [
    ...(withFastTests
      ? [
          {
            name: 'fast tests',
            script: 'vitest/vitest.mjs',
            args: ['run', '--project=fast', '--reporter=dot'],
          },
        ]
      : []),
    {
      name: 'lint',
      script: 'eslint/bin/eslint.js',
      args: ['.', '--max-warnings=0', '--cache', '--cache-location=node_modules/.cache/eslint/'],
    },
    ...typeConfigs.map((config) => ({
      name: config === 'tsconfig.json' ? 'types' : 'types of the service worker',
      script: 'typescript/bin/tsc',
      args: ['--noEmit', '--project', config],
    })),
    {
      name: 'dependence',
      script: 'dependency-cruiser/bin/dependency-cruise.mjs',
      args: ['--config', '.dependency-cruiser.cjs', ...folders],
    },
    { name: 'dead code', script: 'knip/bin/knip.js', args: ['--no-progress'] },
    {
      name: 'format',
      script: 'prettier/bin/prettier.cjs',
      args: ['--check', '--log-level=warn', '--cache', '.'],
    },
  ]
}
