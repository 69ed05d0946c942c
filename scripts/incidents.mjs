// `npm run incidents -- export | check`: a charger's incidents with their proofs, and whether such a report holds.
import { runTypeScript } from './setup/run-typescript.mjs'

process.exitCode = await runTypeScript(async () => {
  const { incidents } = await import('./incidents/main.ts')
  return incidents(process.argv.slice(2), process.env)
})
