// `npm run bench -- ceremony [--json] [--readme]`: measures, and writes the figures into README.md when asked to.
import { runTypeScript } from './setup/run-typescript.mjs'

process.exitCode = await runTypeScript(async () => {
  const { bench } = await import('./bench/main.ts')
  return bench(process.argv.slice(2))
})
