// `npm run db -- migrate | check | distribute | clean`: the database of the cloud, for operators.
import { runTypeScript } from './setup/run-typescript.mjs'

process.exitCode = await runTypeScript(async () => {
  const { database } = await import('./db/main.ts')
  return database(process.argv.slice(2), process.env)
})
