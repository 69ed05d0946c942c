/**
 * That an event of a session stands in its charger's log: the path from the event to the root which the charger signed
 * last. The tree is built anew from the stored events, so that a row which somebody changed breaks the proof.
 */

import { sql } from 'kysely'
import { toBytes, toHex } from '@/lib/core/bytes'
import type { OperatorId, PublicKey } from '@/lib/core/ids'
import type { Verify } from '@/lib/crypto/signature'
import { leafHash, nodeHash, parseHash, type Hash } from '@/lib/log/hash'
import type { NodeReader } from '@/lib/log/nodes'
import { inclusionProof, verifyInclusion } from '@/lib/log/proof'
import { parseMessage, verifyMessage } from '@/lib/protocol/message'
import { checkpoint } from '@/lib/protocol/messages/checkpoint'
import type { TenantTransaction } from '../database/connection'
import type { LoggedEvent } from '../ingest/store'

/** A busy charger's year. Longer logs are proved by the charger's own program, not while somebody waits. */
const leavesMax = 60_000

export interface LogProof {
  readonly device: string
  readonly epoch: number
  readonly seq: number
  /** Of the log that the checkpoint covers. */
  readonly size: number
  readonly root: string
  readonly checkpointAtS: number
  readonly siblings: readonly string[]
  /** `open`: the log is too long to be proved here. */
  readonly inclusion: 'passed' | 'failed' | 'open'
  readonly checkpointIsRight: boolean
}

export interface ProofKeys {
  readonly keys: readonly PublicKey[]
  readonly verify: Verify
}

export async function logProofs(
  tx: TenantTransaction,
  tenant: OperatorId,
  events: readonly LoggedEvent[],
  proofKeys: ProofKeys,
): Promise<readonly LogProof[]> {
  const proofs: LogProof[] = []
  for (const logged of byLog(events)) {
    const [first] = logged
    if (first === undefined) continue
    const row = await tx
      .selectFrom('device_logs')
      .select('checkpoint')
      .where('tenant', '=', tenant)
      .where('device', '=', first.device)
      .where('epoch', '=', first.epoch)
      .executeTakeFirst()
    const stored = row?.checkpoint ?? undefined
    const parsed = stored === undefined ? undefined : parseMessage(checkpoint, toBytes(stored))
    if (parsed?.ok !== true) continue
    const { size, root, timeS: checkpointAtS } = parsed.value.payload
    const checkpointIsRight = proofKeys.keys.some(
      (key) => verifyMessage(parsed.value, key, proofKeys.verify) !== undefined,
    )
    const leaves = size > leavesMax ? undefined : await leavesOf(tx, tenant, first, size)
    const read = leaves === undefined || leaves.length !== size ? undefined : treeOver(leaves)
    for (const { device, epoch, seq } of logged) {
      const siblings = read === undefined ? undefined : inclusionProof(read, seq, size)
      const leaf = leaves?.[seq]
      const rootHash = parseHash(Buffer.from(root, 'hex'))
      const holds =
        siblings !== undefined &&
        leaf !== undefined &&
        rootHash !== undefined &&
        verifyInclusion(leaf, seq, size, siblings, rootHash)
      proofs.push({
        ...{ device, epoch, seq, size, root, checkpointAtS, checkpointIsRight },
        siblings: (siblings ?? []).map(toHex),
        inclusion: size > leavesMax ? 'open' : holds ? 'passed' : 'failed',
      })
    }
  }
  return proofs
}

function byLog(events: readonly LoggedEvent[]): readonly (readonly LoggedEvent[])[] {
  const logs = new Map<string, LoggedEvent[]>()
  for (const event of events) {
    const name = `${event.device} ${event.epoch}`
    logs.set(name, [...(logs.get(name) ?? []), event])
  }
  return [...logs.values()]
}

const leavesPerRead = 5_000

async function leavesOf(
  tx: TenantTransaction,
  tenant: OperatorId,
  { device, epoch }: LoggedEvent,
  size: number,
): Promise<readonly Hash[]> {
  const leaves: Hash[] = []
  while (leaves.length < size) {
    const { rows } = await sql<{ bytes: Buffer }>`
      select bytes from device_events
      where tenant = ${tenant} and device = ${device} and epoch = ${epoch}
        and seq >= ${leaves.length}::bigint and seq < ${Math.min(size, leaves.length + leavesPerRead)}::bigint
      order by seq`.execute(tx)
    if (rows.length === 0) break
    leaves.push(...rows.map(({ bytes }) => leafHash(bytes)))
  }
  return leaves
}

/** Every complete subtree, level by level. */
function treeOver(leaves: readonly Hash[]): NodeReader {
  const levels: (readonly Hash[])[] = [leaves]
  for (let below = leaves; below.length > 1; below = levels.at(-1) ?? []) {
    const level: Hash[] = []
    for (let at = 0; at + 1 < below.length; at += 2) {
      const [left, right] = [below[at], below[at + 1]]
      if (left !== undefined && right !== undefined) level.push(nodeHash(left, right))
    }
    levels.push(level)
  }
  return (level, index) => levels[level]?.[index]
}
