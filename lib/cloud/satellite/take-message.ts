/**
 * One message of a modem in, as the provider delivers it: at once and as it is, because the provider waits three seconds
 * and then comes again. What it means is the worker's business.
 */

import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { readFrame } from '@/lib/letter/frames'
import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'
import { answerAttemptsMax } from './answers'
import type { SatelliteMessage } from './provider'
import { chargerOfTerminal } from './terminals'

/**
 * Letters of one modem that are not whole: a charger has one under way, and gives one up where its sessions came home by
 * another road. Beyond these the oldest goes.
 */
const comingMax = 16
/** An answer that the charger did not get is sent again where it asks again, and not more often than this. */
const answerAgainS = 600

/**
 * Durable when it is ok. Any number of times and in any order. Refuses with `satellite.terminal` for a modem that nobody
 * registered, `satellite.message` for what is no part of a letter.
 */
export async function takeSatelliteMessage(
  cloud: Cloud,
  { imei, bytes }: SatelliteMessage,
): Promise<Result<void, Refusal>> {
  const frame = readFrame(bytes)
  if (frame?.kind !== 'part') return err(refusal('satellite.message'))
  const { tenant } = cloud.config
  const nowS = cloud.clock.nowS()
  const key = { tenant, imei, letter: frame.letter }
  return inTenant(cloud.db, tenant, async (tx): Promise<Result<void, Refusal>> => {
    if ((await chargerOfTerminal(tx, tenant, imei)) === undefined) return err(refusal('satellite.terminal'))
    const begun = await beginLetter(tx, { ...key, parts: frame.count, begun_at_s: nowS })
    if (!begun.ok) return begun
    const letter = begun.value
    if (letter.parts !== frame.count) return err(refusal('satellite.message'))
    if (letter.state === 'taken') return ok(await answerAgain(tx, key, nowS))
    if (letter.state === 'whole') return ok(undefined)
    // Whoever sends it again has more to say than what could not be read.
    if (letter.state === 'unreadable')
      await lettersOf(tx, key).set({ state: 'coming', bytes_in: 0 }).execute()
    await tx
      .insertInto('satellite_parts')
      .values({ ...key, part: frame.index, bytes: Buffer.from(frame.bytes) })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    const { count } = await tx
      .selectFrom('satellite_parts')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('tenant', '=', tenant)
      .where('imei', '=', imei)
      .where('letter', '=', frame.letter)
      .executeTakeFirstOrThrow()
    await lettersOf(tx, key)
      .set(({ eb }) => ({
        bytes_in: eb('bytes_in', '+', bytes.length),
        ...(Number(count) === frame.count ? { state: 'whole' as const } : {}),
      }))
      .execute()
    return ok(undefined)
  })
}

interface LetterKey {
  readonly tenant: string
  readonly imei: string
  readonly letter: number
}

const lettersOf = (tx: TenantTransaction, { tenant, imei, letter }: LetterKey) =>
  tx
    .updateTable('satellite_letters')
    .where('tenant', '=', tenant)
    .where('imei', '=', imei)
    .where('letter', '=', letter)

/** The row, locked, so that of two last parts at once one sees the other. */
async function beginLetter(
  tx: TenantTransaction,
  row: LetterKey & { readonly parts: number; readonly begun_at_s: number },
) {
  const read = () =>
    tx
      .selectFrom('satellite_letters')
      .select(['parts', 'state'])
      .where('tenant', '=', row.tenant)
      .where('imei', '=', row.imei)
      .where('letter', '=', row.letter)
      .forUpdate()
      .executeTakeFirst()
  const known = await read()
  if (known !== undefined) return ok(known)
  await dropOldest(tx, row)
  await tx
    .insertInto('satellite_letters')
    .values({ ...row, state: 'coming', sessions: null, done_at_s: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const made = await read()
  return made === undefined ? err(refusal('api.internal')) : ok(made)
}

/** Makes room for one more. */
async function dropOldest(tx: TenantTransaction, { tenant, imei }: LetterKey): Promise<void> {
  const coming = await tx
    .selectFrom('satellite_letters')
    .select('letter')
    .where('tenant', '=', tenant)
    .where('imei', '=', imei)
    .where('state', '=', 'coming')
    .orderBy('begun_at_s', 'desc')
    .orderBy('letter')
    .offset(comingMax - 1)
    .execute()
  for (const { letter } of coming)
    for (const table of ['satellite_parts', 'satellite_letters'] as const)
      await tx
        .deleteFrom(table)
        .where('tenant', '=', tenant)
        .where('imei', '=', imei)
        .where('letter', '=', letter)
        .execute()
}

/** The charger has not heard that it was taken: also where the provider would not have the answer, for days. */
async function answerAgain(tx: TenantTransaction, { tenant, imei, letter }: LetterKey, nowS: number) {
  await tx
    .updateTable('satellite_answers')
    .set({ sent_at_s: null, attempts: 0, next_at_s: nowS })
    .where('tenant', '=', tenant)
    .where('imei', '=', imei)
    .where('letter', '=', letter)
    .where(({ eb, or }) =>
      or([eb('sent_at_s', '<=', nowS - answerAgainS), eb('attempts', '>=', answerAttemptsMax)]),
    )
    .execute()
}
