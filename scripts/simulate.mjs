// `npm run simulate -- --trace a9 --from 2018-07-14 --days 2`: replays recorded sessions through everything that is real.
import { runTypeScript } from './setup/run-typescript.mjs'

process.exitCode = await runTypeScript(async () => {
  const { simulate } = await import('./simulate/main.ts')
  return simulate(process.argv.slice(2))
})
