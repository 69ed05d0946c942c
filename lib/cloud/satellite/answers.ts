/** Answers to letters go to the provider, again and again until it has them, further and further apart. */

import { toBytes } from '@/lib/core/bytes'
import type { Cloud } from '../context'
import { inTenant } from '../database/connection'
import type { SatelliteProvider } from './provider'

const answersAtOnce = 16
const firstPauseS = 60
const longestPauseS = 6 * 3_600
/** About three days; a charger that still asks begins it anew. */
export const answerAttemptsMax = 20
const faultCharsMax = 200

/** Gives how many the provider took. */
export async function sendAnswers(cloud: Cloud, provider: SatelliteProvider): Promise<number> {
  const { tenant } = cloud.config
  const due = await inTenant(cloud.db, tenant, (tx) =>
    tx
      .selectFrom('satellite_answers')
      .select(['imei', 'letter', 'part', 'bytes', 'attempts'])
      .where('tenant', '=', tenant)
      .where('sent_at_s', 'is', null)
      .where('next_at_s', '<=', cloud.clock.nowS())
      .where('attempts', '<', answerAttemptsMax)
      .orderBy('next_at_s')
      .limit(answersAtOnce)
      .execute(),
  )
  let sent = 0
  for (const { imei, letter, part, bytes, attempts } of due) {
    const given = await provider.send({ imei, bytes: toBytes(bytes) })
    const nowS = cloud.clock.nowS()
    const pauseS = Math.min(firstPauseS * 2 ** attempts, longestPauseS)
    await inTenant(cloud.db, tenant, (tx) =>
      tx
        .updateTable('satellite_answers')
        .set(
          given.ok
            ? { sent_at_s: nowS, fault: null }
            : {
                attempts: attempts + 1,
                next_at_s: nowS + pauseS,
                fault: given.error.replaceAll('\0', '').slice(0, faultCharsMax),
              },
        )
        .where('tenant', '=', tenant)
        .where('imei', '=', imei)
        .where('letter', '=', letter)
        .where('part', '=', part)
        .execute(),
    )
    if (given.ok) sent += 1
  }
  return sent
}
