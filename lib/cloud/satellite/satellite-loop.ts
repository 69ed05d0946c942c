/** Letters in, answers out, for as long as the worker runs. */

import { setTimeout as wait } from 'node:timers/promises'
import type { Cloud } from '../context'
import { inTenant } from '../database/connection'
import { sendAnswers } from './answers'
import { takeLetters } from './letters'
import { rockBlock } from './provider'

const pauseMs = 1_000
const pauseAfterFaultMs = 10_000
const daySpanS = 86_400
/** Whatever it brought is evidence by then; what never became whole never will. */
const keptDays = 90
const tidyEveryMs = 3_600_000

/** Does nothing where nobody may deliver messages. */
export async function runSatellite(cloud: Cloud, signal: AbortSignal): Promise<void> {
  const { satellite } = cloud.config
  if (satellite === undefined) return
  const provider = satellite.sendUrl === undefined ? undefined : rockBlock(satellite.sendUrl)
  let tidiedAtMs: number | undefined
  while (!signal.aborted) {
    let pause = pauseMs
    try {
      const nowMs = cloud.clock.monotonicMs()
      if (tidiedAtMs === undefined || nowMs - tidiedAtMs > tidyEveryMs) {
        await forgetLetters(cloud)
        tidiedAtMs = nowMs
      }
      const done =
        (await takeLetters(cloud)) + (provider === undefined ? 0 : await sendAnswers(cloud, provider))
      if (done > 0) pause = 0
    } catch (error) {
      process.stderr.write(`worker: satellite: ${error instanceof Error ? error.message : String(error)}\n`)
      pause = pauseAfterFaultMs
    }
    await wait(pause, undefined, { signal }).catch(() => undefined)
  }
}

export async function forgetLetters(cloud: Cloud): Promise<void> {
  const { tenant } = cloud.config
  const before = cloud.clock.nowS() - keptDays * daySpanS
  await inTenant(cloud.db, tenant, async (tx) => {
    const old = await tx
      .selectFrom('satellite_letters')
      .select(['imei', 'letter'])
      .where('tenant', '=', tenant)
      .where('begun_at_s', '<', before)
      .limit(500)
      .execute()
    for (const { imei, letter } of old)
      for (const table of ['satellite_answers', 'satellite_parts', 'satellite_letters'] as const)
        await tx
          .deleteFrom(table)
          .where('tenant', '=', tenant)
          .where('imei', '=', imei)
          .where('letter', '=', letter)
          .execute()
  })
}
