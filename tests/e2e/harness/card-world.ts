/** The built cloud with real card payments: its database, and a card provider on loopback that speaks Stripe. */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openDatabaseServer } from '@/scripts/start/database'
import { startGuard } from '@/scripts/start/guard'
import { startProcessGroup } from '@/scripts/start/process-group'
import { readJson, untilWorking } from '@/scripts/start/serving'
import { freePort } from '@/tests/fixtures/free-port'
import { StripeServer } from '../../fixtures/stripe-server'

const projectRoot = resolve('.')
const loopback = '127.0.0.1'

export interface CardWorld {
  readonly origin: string
  readonly stripe: StripeServer
  /** What the server was started with: for commands at its terminal. */
  readonly environment: Readonly<Record<string, string>>
  /** The provider's word reaches the operator; gives the HTTP statuses of its answers. */
  deliver(): Promise<readonly number[]>
  close(): Promise<void>
}

export async function openCardWorld(): Promise<CardWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-cards-'))
  mkdirSync(join(folder, 'log'))
  const guard = startGuard(join(projectRoot, 'scripts/start/guard-process.mjs'))
  const stripe = await new StripeServer().listen()
  const database = await openDatabaseServer(folder, {})
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const environment = {
    DATABASE_URL: database.url,
    OUTPOST_ORIGIN: origin,
    OUTPOST_VAR: folder,
    OUTPOST_KEY_PASSPHRASE: 'a passphrase for this test',
    OUTPOST_STRIPE_SECRET_KEY: 'sk_test_local',
    OUTPOST_STRIPE_WEBHOOK_SECRET: stripe.secret,
    OUTPOST_STRIPE_API_BASE: stripe.address,
  }
  const cloud = startProcessGroup(
    {
      name: 'cloud',
      args: [
        join(projectRoot, 'node_modules/next/dist/bin/next'),
        'start',
        `--port=${port}`,
        `--hostname=${loopback}`,
      ],
      env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', ...environment },
      cwd: projectRoot,
      logFile: join(folder, 'log/cloud.log'),
    },
    guard,
  )
  await untilWorking(
    cloud,
    async () => (await readJson(`http://${loopback}:${port}/api/v1/health`)) !== undefined,
  )
  return {
    origin,
    stripe,
    environment,
    deliver: () => stripe.deliverTo(`http://${loopback}:${port}/api/v1/payments/webhook`),
    close: async () => {
      await cloud.stop()
      await database.stop()
      await stripe.close()
      guard.dismiss()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
