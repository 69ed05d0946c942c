/**
 * The reconcile worker: works through uploads whose own request could not, and does what time brings due. Any number
 * of them may run; they share the work by locks in the database.
 */

import { setTimeout as wait } from 'node:timers/promises'
import { forgetExpired } from './accounts/commands'
import type { Cloud } from './context'
import { watchCredit } from './credit/low-credit'
import { addUpMonths } from './credit/statement-months'
import { runCounts } from './dashboard/count-loop'
import { runForgetting } from './forget-loop'
import { makeDueInvoices } from './invoices/due-invoices'
import { processInLanes, releaseDueReserves, watchGaps } from './ingest/commands'
import { releaseClosedRests } from './issuance/closed-rests'
import { keepMails, runMails } from './mail/send-mails'
import { renewPolicy } from './operator/commands'
import { runSatellite } from './satellite/satellite-loop'
import { runPayments } from './topup/payment-loop'

export interface Worker {
  /** Resolves when the piece of work in hand is done. */
  stop(): Promise<void>
}

const pauseMs = 500
const pauseAfterFaultMs = 5_000
const housekeepingEveryMs = 600_000

export function startWorker(cloud: Cloud, databaseUrl: string): Worker {
  const stopping = new AbortController()
  const running = Promise.all([
    run(cloud, stopping.signal),
    runPayments(cloud, stopping.signal),
    runMails(cloud, stopping.signal),
    runCounts(cloud, stopping.signal),
    runForgetting(cloud, databaseUrl, stopping.signal),
    runSatellite(cloud, stopping.signal),
  ])
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}

async function run(cloud: Cloud, signal: AbortSignal): Promise<void> {
  let keptAtMs: number | undefined
  while (!signal.aborted) {
    let pause = pauseMs
    try {
      const nowMs = cloud.clock.monotonicMs()
      if (keptAtMs === undefined || nowMs - keptAtMs > housekeepingEveryMs) {
        await keepHouse(cloud)
        keptAtMs = nowMs
      }
      if ((await processInLanes(cloud, signal)) > 0) pause = 0
    } catch (error) {
      process.stderr.write(`worker: ${error instanceof Error ? error.message : String(error)}\n`)
      pause = pauseAfterFaultMs
    }
    await wait(pause, undefined, { signal }).catch(() => undefined)
  }
}

async function keepHouse(cloud: Cloud): Promise<void> {
  await forgetExpired(cloud)
  while ((await releaseDueReserves(cloud)) > 0);
  while ((await releaseClosedRests(cloud)) > 0);
  await watchGaps(cloud)
  await watchCredit(cloud)
  await addUpMonths(cloud)
  await keepInvoices(cloud)
  await renewPolicy(cloud)
  await keepMails(cloud)
}

/** A fleet whose month cannot be looked at keeps nobody else from the invoice. */
async function keepInvoices(cloud: Cloud): Promise<void> {
  const { faults } = await makeDueInvoices(cloud)
  for (const fault of faults) process.stderr.write(`worker: invoice of ${fault}\n`)
}
