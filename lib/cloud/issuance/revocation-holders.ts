/**
 * How far each charger has come in the revocations. A charger writes into its log which epoch it holds whenever news took
 * effect, and the log comes home signed: what is noted here is the charger's own word.
 */

import { sql } from 'kysely'
import type { ChargerId } from '@/lib/core/ids'
import { decodeJournalEvent } from '@/lib/protocol/journal-event'
import type { ParsedBundle } from '@/lib/sync/bundle'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'

/** So much time passes between two notes of a charger that has nothing new to say. */
const quietS = 60

/** Never back within one log: bundles may come late and again. A log that began anew may be of a charger that lost all. */
export async function noteRevocationEpoch(
  cloud: Cloud,
  tx: TenantTransaction,
  charger: ChargerId,
  bundle: ParsedBundle,
): Promise<void> {
  const { epoch: logEpoch } = bundle.checkpoint.payload
  const nowS = cloud.clock.nowS()
  await sql`
    insert into revocation_holders as h (tenant, charger_id, log_epoch, revocation_epoch, heard_at_s)
    values (${cloud.config.tenant}, ${charger}, ${logEpoch}, ${toldEpoch(bundle)}, ${nowS})
    on conflict (tenant, charger_id) do update set
      revocation_epoch = case when excluded.log_epoch > h.log_epoch then excluded.revocation_epoch
        else greatest(h.revocation_epoch, excluded.revocation_epoch) end,
      log_epoch = excluded.log_epoch, heard_at_s = excluded.heard_at_s
    where excluded.log_epoch > h.log_epoch or (excluded.log_epoch = h.log_epoch
      and (excluded.revocation_epoch > h.revocation_epoch or excluded.heard_at_s >= h.heard_at_s + ${quietS}))
  `.execute(tx)
}

/** 0 where this piece of the log says nothing of it. */
function toldEpoch({ events }: ParsedBundle): number {
  let told = 0
  for (const bytes of events.filter(saysNews)) {
    const event = decodeJournalEvent(bytes)
    if (event.ok && event.value.kind === 'news') told = Math.max(told, event.value.revocationEpoch)
  }
  return told
}

/** `[9, …]` in deterministic CBOR: told from the rest without decoding thousands of readings. */
const saysNews = (event: Uint8Array): boolean => event[0] === 0x82 && event[1] === 0x09
