// `npm run keys -- status | rotate-issuer | request | sign | import | activate`: the issuer's keys and the root's list.
import { runTypeScript } from './setup/run-typescript.mjs'

process.exitCode = await runTypeScript(async () => {
  const { keys } = await import('./keys/main.ts')
  return keys(process.argv.slice(2), process.env)
})
