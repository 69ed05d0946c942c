// `npm run cases -- list | show | take-up | decide …`: cases at the terminal.
import { runTypeScript } from './setup/run-typescript.mjs'

process.exitCode = await runTypeScript(async () => {
  const { cases } = await import('./cases/main.ts')
  return cases(process.argv.slice(2), process.env)
})
