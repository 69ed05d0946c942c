// `npm run courier -- FOLDER --to ORIGIN`: brings a stick's parcels to the operator's cloud, and puts the answers on it.
import { runTypeScript } from './setup/run-typescript.mjs'

const from = process.cwd()
process.exitCode = await runTypeScript(async () => {
  const { courier } = await import('./courier/main.ts')
  return courier(process.argv.slice(2), from)
})
