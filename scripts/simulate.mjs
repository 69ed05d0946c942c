// `npm run simulate -- --seeds 1..500`: whole worlds from seeds. `npm run simulate -- --trace a9 --days 2`: recorded
// sessions through everything that is real.
import { runTypeScript } from './setup/run-typescript.mjs'

process.exitCode = await runTypeScript(async () => {
  const args = process.argv.slice(2)
  const { speaksOfWorlds } = await import('./simulate/worlds/options.ts')
  if (speaksOfWorlds(args)) {
    const { simulateWorlds } = await import('./simulate/worlds/main.ts')
    return simulateWorlds(args)
  }
  const { simulate } = await import('./simulate/main.ts')
  return simulate(args)
})
