// What esbuild bundles for Node: one file a process, npm packages stay outside.

/** Output below dist/ (without .mjs) → entry file. */
export const bundles = {
  'kiosk/main': 'charger-kiosk/main.ts',
  'kiosk/screen-watchdog': 'charger-kiosk/cli/screen-watchdog.ts',
  'kiosk/outpost-kiosk': 'charger-kiosk/cli/main.ts',
  'gateway/main': 'site-gateway/main.ts',
  'simulator/charger': 'simulator/charger/main.ts',
  'scripts/run': 'scripts/start/run.ts',
  'cloud/worker': 'lib/cloud/worker-process.ts',
}

/** Bundles every entry. Imported late, because esbuild is not there before `npm ci`. */
export async function buildBundles(root, outputDirectory) {
  const { build } = await import('esbuild')
  await build({
    absWorkingDir: root,
    tsconfig: 'tsconfig.json',
    entryPoints: Object.entries(bundles).map(([out, entry]) => ({ in: entry, out })),
    outdir: outputDirectory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: 'linked',
    logLevel: 'warning',
  })
}
