// `npm run invoices -- make | open`: invoices of fleets at the terminal.
import { runTypeScript } from './setup/run-typescript.mjs'

process.exitCode = await runTypeScript(async () => {
  const { invoices } = await import('./invoices/main.ts')
  return invoices(process.argv.slice(2), process.env)
})
