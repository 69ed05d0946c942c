/**
 * One process of the reconcile bench, told by its parent what to do: sign a share of the load, reconcile what waits, or
 * only verify, or only post. Says `ready` when everything is open, starts at `go`, tells what it did when nothing is left,
 * and ends at `end`.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { fromHex, toHex, utf8 } from '@/lib/core/bytes'
import { EUR } from '@/lib/core/currency'
import { grantSerial, publicKey } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import { sha256 } from '@/lib/crypto/hash'
import { verifyEquation } from '@/lib/crypto/sodium'
import { taxWithin } from '@/lib/tariff/rate'
import { readCloudConfig } from '@/lib/cloud/config'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { processInLanes, processWaiting } from '@/lib/cloud/ingest/commands'
import { reserveAccount, revenueAccount, taxAccount } from '@/lib/cloud/ledger/accounts'
import { postTransfers } from '@/lib/cloud/ledger/commands'
import type { Transfer } from '@/lib/cloud/ledger/transfer'
import { openCloud } from '@/lib/cloud/open-cloud'
import { testTariff } from '../fixtures/session-actors'
import { loadSessions, sessionsPerCharger, sessionTotalMinor, type LoadShare } from './reconcile-load'

export type BenchTask =
  /** Signs its share; what the wallets signed goes to the file, if there is one. */
  | ({ readonly kind: 'load'; readonly file: string | undefined } & LoadShare)
  | { readonly kind: 'reconcile' }
  /** Verifies every consent of the file. */
  | { readonly kind: 'verify'; readonly file: string }
  | {
      readonly kind: 'post'
      readonly sessions: number
      readonly batch: number
      readonly share: number
      readonly of: number
    }
export interface BenchOrder {
  readonly task: BenchTask
  readonly databaseUrl: string
  /** Holds work of the same kind, done before `ready`: workers run for months, and their first second is the compiler's. */
  readonly warmUrl: string | undefined
  readonly environment: Readonly<Record<string, string>>
}
export type BenchWord =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'done'
      readonly count: number
      readonly peakRssMb: number
      /** Of all threads of the process, while it worked. */
      readonly processorUs: number
    }
  | { readonly kind: 'failed'; readonly why: string }

const say = (word: BenchWord): void => void process.send?.(word)

process.once('message', (order: BenchOrder) => {
  perform(order).catch((error: unknown) =>
    say({ kind: 'failed', why: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  )
})

async function perform({ task, databaseUrl, warmUrl, environment }: BenchOrder): Promise<void> {
  const config = readCloudConfig(environment)
  if (warmUrl !== undefined) {
    const warm = await openCloud(config, warmUrl)
    await (await prepare(warm.cloud, task))().finally(warm.close)
  }
  const { cloud, close } = await openCloud(config, databaseUrl)
  const run = await prepare(cloud, task)
  const go = new Promise((resolve) => process.once('message', resolve))
  say({ kind: 'ready' })
  await go
  const before = process.cpuUsage()
  const count = await run()
  const { user, system } = process.cpuUsage(before)
  // Kilobytes on Linux and macOS alike, by Node's own conversion.
  say({
    kind: 'done',
    count,
    processorUs: user + system,
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1_024),
  })
  // What the server did for this process is counted while its connections are open.
  await new Promise((resolve) => process.once('message', resolve))
  await close()
  process.disconnect()
}

async function prepare(cloud: Cloud, task: BenchTask): Promise<() => Promise<number>> {
  switch (task.kind) {
    case 'load':
      return () => signLoad(cloud, task)
    case 'reconcile':
      await processWaiting(cloud, 0)
      return () => reconcileAll(cloud)
    case 'verify':
      return prepareVerify(task)
    case 'post':
      return preparePost(cloud, task)
  }
}

async function signLoad(
  cloud: Cloud,
  { file, ...share }: Extract<BenchTask, { kind: 'load' }>,
): Promise<number> {
  const lines: string[] = []
  const count = await loadSessions(cloud, share, ({ key, message, signature }) => {
    if (file !== undefined) lines.push(`${key} ${toHex(message)} ${toHex(signature)}\n`)
  })
  if (file !== undefined) writeFileSync(file, lines.join(''))
  return count
}

async function reconcileAll(cloud: Cloud): Promise<number> {
  let done = 0
  for (;;) {
    const now = await processInLanes(cloud)
    if (now === 0) return done * sessionsPerCharger
    done += now
  }
}

function prepareVerify({ file }: Extract<BenchTask, { kind: 'verify' }>): () => Promise<number> {
  const lines = readFileSync(file, 'utf8').split('\n')
  const mine = lines
    .filter((line) => line !== '')
    .map((line) => {
      const [key = '', message = '', signature = ''] = line.split(' ')
      return { key: publicKey(key), message: fromHex(message), signature: fromHex(signature) }
    })
  return () => {
    for (const { key, message, signature } of mine)
      if (!verifyEquation(key, message, signature)) throw new Error('A signature of the load does not hold')
    return Promise.resolve(mine.length)
  }
}

async function preparePost(
  cloud: Cloud,
  { sessions, batch, share, of }: Extract<BenchTask, { kind: 'post' }>,
): Promise<() => Promise<number>> {
  const { tenant } = cloud.config
  const rows = await inTenant(cloud.db, tenant, (tx) =>
    tx.selectFrom('grants').select('serial').where('tenant', '=', tenant).orderBy('serial').execute(),
  )
  const serials = rows.map(({ serial }) => grantSerial(serial))
  const batches: Transfer[][] = []
  for (let start = share * batch; start < sessions; start += of * batch) {
    const indexes = Array.from({ length: Math.min(batch, sessions - start) }, (_, at) => start + at)
    batches.push(
      indexes.flatMap((index) => settled(index, serials[index % serials.length] ?? grantSerial(''))),
    )
  }
  return async () => {
    for (const transfers of batches)
      expectOk(await inTenant(cloud.db, tenant, (tx) => postTransfers(tx, tenant, transfers)), 'posting')
    return batches.reduce((sum, { length }) => sum + length / 2, 0)
  }
}

/** What reconciliation posts for a session that arrives whole. */
function settled(index: number, serial: ReturnType<typeof grantSerial>): Transfer[] {
  const reference = toHex(sha256(utf8(`post ${index}`)).subarray(0, 16))
  const taxMinor = taxWithin(testTariff, minorUnits(sessionTotalMinor))
  const base = { reference, currency: EUR, effect: 'post', reason: 'receipt', author: 'bench' } as const
  const debit = reserveAccount(serial)
  const netMinor = minorUnits(sessionTotalMinor - taxMinor)
  return [
    { ...base, kind: 'settle', debit, credit: revenueAccount, amountMinor: netMinor },
    { ...base, kind: 'settle-tax', debit, credit: taxAccount, amountMinor: taxMinor },
  ]
}
