/** Incidents of a charger out of its log as the operator holds it, each with its proof. */

import { sql } from 'kysely'
import type { Bytes } from '@/lib/core/bytes'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { appendLeaves, emptyFrontier, type Frontier } from '@/lib/log/frontier'
import { leafHash, type Hash } from '@/lib/log/hash'
import { inclusionProof } from '@/lib/log/proof'
import { parseMessage, verifyMessage } from '@/lib/protocol/message'
import { chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { checkpoint } from '@/lib/protocol/messages/checkpoint'
import {
  incidentIn,
  incidentReport,
  provenIncident,
  type IncidentReport,
  type ToldIncident,
} from '@/lib/sync/incident-report'
import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'

export interface IncidentOrder {
  readonly chargerId: string
  readonly fromS: number
  readonly toS: number
}

/** Events read at a time; the tree of a log needs every one of them once. */
const eventsAtOnce = 2_000

/** Refuses with `device.unknown` where nothing of this charger was ever taken in. */
export const incidentsOf = (cloud: Cloud, order: IncidentOrder): Promise<Result<IncidentReport, Refusal>> =>
  inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const log = await newestLog(tx, cloud.config.tenant, order.chargerId)
    if (log === undefined) return err(refusal('device.unknown'))
    const { signed, epoch } = log
    const certificate = await certificateOf(cloud, tx, order.chargerId, signed)
    if (certificate === undefined) return err(refusal('device.unknown'))
    const { size } = signed.payload
    const tree = new Map<string, Hash>()
    const found: { readonly told: ToldIncident; readonly bytes: Bytes }[] = []
    let frontier: Frontier = emptyFrontier
    while (frontier.size < size) {
      const until = Math.min(size, frontier.size + eventsAtOnce)
      const events = await eventsOf(tx, cloud.config.tenant, { ...order, epoch, from: frontier.size, until })
      if (events.length !== until - frontier.size) return err(refusal('device.gap', { size: frontier.size }))
      for (const [index, bytes] of events.entries()) {
        const told = incidentIn(frontier.size + index, bytes)
        if (told !== undefined && told.timeS >= order.fromS && told.timeS <= order.toS)
          found.push({ told, bytes })
      }
      const grown = appendLeaves(frontier, events.map(leafHash))
      for (const { level, index, hash } of grown.nodes) tree.set(`${level}/${index}`, hash)
      frontier = grown.frontier
    }
    const read = (level: number, index: number): Hash | undefined => tree.get(`${level}/${index}`)
    const proven = found.flatMap(({ told, bytes }) => {
      const proof = inclusionProof(read, told.seq, size)
      return proof === undefined ? [] : [provenIncident(told, bytes, proof)]
    })
    const papers = { checkpoint: signed.bytes, certificate }
    return ok(incidentReport(papers, signed.payload, cloud.clock.nowS(), proven))
  })

async function newestLog(tx: TenantTransaction, tenant: string, chargerId: string) {
  const row = await tx
    .selectFrom('device_logs')
    .select(['epoch', 'checkpoint'])
    .where('tenant', '=', tenant)
    .where('device', '=', chargerId)
    .where('size', '>', 0)
    .orderBy('epoch', 'desc')
    .limit(1)
    .executeTakeFirst()
  const parsed = row?.checkpoint ? parseMessage(checkpoint, row.checkpoint) : undefined
  return row === undefined || parsed?.ok !== true ? undefined : { epoch: row.epoch, signed: parsed.value }
}

/** Whichever was in force when the checkpoint was signed: keys are replaced. */
async function certificateOf(
  cloud: Cloud,
  tx: TenantTransaction,
  chargerId: string,
  signed: Parameters<typeof verifyMessage>[0],
): Promise<Bytes | undefined> {
  const rows = await tx
    .selectFrom('charger_certificates')
    .select('bytes')
    .where('tenant', '=', cloud.config.tenant)
    .where('charger_id', '=', chargerId)
    .orderBy('not_before_s', 'desc')
    .execute()
  for (const { bytes } of rows) {
    const parsed = parseMessage(chargerCertificate, bytes)
    if (parsed.ok && verifyMessage(signed, parsed.value.payload.key, cloud.verify) !== undefined)
      return parsed.value.bytes
  }
  return undefined
}

async function eventsOf(
  tx: TenantTransaction,
  tenant: string,
  range: {
    readonly chargerId: string
    readonly epoch: number
    readonly from: number
    readonly until: number
  },
): Promise<readonly Bytes[]> {
  const { rows } = await sql<{ bytes: Buffer }>`
    select bytes from device_events
    where tenant = ${tenant} and device = ${range.chargerId} and epoch = ${range.epoch}::bigint
      and seq >= ${range.from}::bigint and seq < ${range.until}::bigint
    order by seq`.execute(tx)
  return rows.map(({ bytes }) => new Uint8Array(bytes))
}
