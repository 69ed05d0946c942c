// `npm run bank -- import | open | assign | leave | credit-line`: money of fleets at the terminal.
import { runTypeScript } from './setup/run-typescript.mjs'

process.exitCode = await runTypeScript(async () => {
  const { bank } = await import('./bank/main.ts')
  return bank(process.argv.slice(2), process.env)
})
