/**
 * One message of a modem in, as the provider delivers it: at once and as it is, because the provider waits three seconds
 * and then comes again. What it means is the worker's business.
 */

import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { readFrame } from '@/lib/letter/frames'
import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'
import type { SatelliteMessage } from './provider'
import { chargerOfTerminal } from './terminals'

/** Letters of one modem that are not whole. A charger has one under way; a modem that went mad has no more than these. */
const comingMax = 16
/** An answer that the charger did not get is sent again where it asks again, and not more often than this. */
const answerAgainS = 600

/**
 * Durable when it is ok. Any number of times and in any order. Refuses with `satellite.terminal` for a modem that nobody
 * registered, `satellite.message` for what is no part of a letter, `api.rate-limited` where too many letters are begun.
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
    if (letter.state !== 'coming') return ok(undefined)
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
  const { count } = await tx
    .selectFrom('satellite_letters')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('tenant', '=', row.tenant)
    .where('imei', '=', row.imei)
    .where('state', '=', 'coming')
    .executeTakeFirstOrThrow()
  if (Number(count) >= comingMax) return err(refusal('api.rate-limited'))
  await tx
    .insertInto('satellite_letters')
    .values({ ...row, state: 'coming', sessions: null, done_at_s: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const made = await read()
  return made === undefined ? err(refusal('api.internal')) : ok(made)
}

/** The charger has not heard that it was taken. */
async function answerAgain(tx: TenantTransaction, { tenant, imei, letter }: LetterKey, nowS: number) {
  await tx
    .updateTable('satellite_answers')
    .set({ sent_at_s: null, attempts: 0, next_at_s: nowS })
    .where('tenant', '=', tenant)
    .where('imei', '=', imei)
    .where('letter', '=', letter)
    .where('sent_at_s', '<=', nowS - answerAgainS)
    .execute()
}
