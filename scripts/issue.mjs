// `npm run issue -- permit | voucher | revoke | policy …`: what the operator's issuer signs, at the terminal.
import { runTypeScript } from './setup/run-typescript.mjs'

process.exitCode = await runTypeScript(async () => {
  const { issue } = await import('./issue/main.ts')
  return issue(process.argv.slice(2), process.env)
})
