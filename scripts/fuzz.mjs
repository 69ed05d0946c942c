// `npm run fuzz -- --runs 1000000 --json`: attacks every decoder and the charger's acceptance with damaged inputs.
import { runTypeScript } from './setup/run-typescript.mjs'

process.exitCode = await runTypeScript(async () => {
  const { fuzz } = await import('./fuzz/main.ts')
  return fuzz(process.argv.slice(2))
})
