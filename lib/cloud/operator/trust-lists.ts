/**
 * The root's list of issuer keys, and how a new key comes onto it. The root's key belongs on no server: where it is
 * kept elsewhere, a request is printed here, signed there, and the signed list taken in here. Keys overlap: devices
 * accept what either signed, and earlier keys stay on the list, so that what they signed can still be checked.
 */

import { toBase64Url, toBytes, type Bytes } from '@/lib/core/bytes'
import { publicKey, type PublicKey } from '@/lib/core/ids'
import { err, ok, type Result } from '@/lib/core/result'
import { addSeconds, epochSeconds, type EpochSeconds } from '@/lib/core/units'
import type { Signer } from '@/lib/crypto/signature'
import { parseMessage, signMessage } from '@/lib/protocol/message'
import { trustList, type TrustList } from '@/lib/protocol/messages/trust-list'
import { openTrustList } from '@/lib/protocol/trust'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'

const dayS = 86_400
const issuerKeyDays = 2 * 365
/** Issuer keys on one list; the oldest go first. */
const issuersMax = 8
/** The longest grant lives 45 days: a key that ends earlier would take grants with it that are good. */
export const overlapDays = { least: 46, usual: 90 } as const

export interface KnownTrust {
  readonly rootKey: PublicKey
  readonly list: TrustList
}

/** Undefined before the operator is established. */
export async function newestTrust(cloud: Cloud, tx: TenantTransaction): Promise<KnownTrust | undefined> {
  const row = await tx
    .selectFrom('trust_lists')
    .selectAll()
    .where('tenant', '=', cloud.config.tenant)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const parsed = parseMessage(trustList, toBytes(row.bytes))
  if (!parsed.ok) throw new Error('The stored trust list does not parse')
  return { rootKey: publicKey(row.root_key), list: parsed.value.payload }
}

export const isListed = ({ issuers }: TrustList, key: PublicKey, nowS: EpochSeconds): boolean =>
  issuers.some((issuer) => issuer.key === key && issuer.notBeforeS <= nowS && issuer.notAfterS > nowS)

/**
 * Makes sure that the root vouches for the server's issuer key, and for the key that parcels are sealed to. Throws one plain sentence when the database was
 * established under another root, or when the key is not listed and the root's key is not here to list it.
 */
export async function establishTrust(
  cloud: Cloud,
  tx: TenantTransaction,
  root: Signer | undefined,
): Promise<void> {
  const known = await newestTrust(cloud, tx)
  if (known !== undefined && root !== undefined && known.rootKey !== root.publicKey) {
    throw new Error(
      `The database belongs to another operator root than the key in ${cloud.config.keyFolder}; restore that key or use a fresh data folder.`,
    )
  }
  const nowS = cloud.clock.nowS()
  const isSigner = known !== undefined && isListed(known.list, cloud.issuer.publicKey, nowS)
  // Without the sealing key nothing can be carried yet; everything else works, so it waits for the next ceremony.
  const isSealer = known?.list.sealingKey === cloud.sealing.publicKey
  if (isSigner && (isSealer || root === undefined)) return
  if (root === undefined) {
    throw new Error(
      'The root’s list does not name this server’s issuer key, and the root’s key is not here: run "npm run keys -- request", have the request signed, and "npm run keys -- import" the list.',
    )
  }
  const next = listWith(cloud, known?.list, cloud.issuer.publicKey, undefined)
  await keepList(cloud, tx, root.publicKey, (await signMessage(trustList, next, root)).bytes, next.sequence)
}

/** The list that the root is asked to sign: another key from now on, the present one until the overlap's end. */
export function listWith(
  { config, clock, sealing }: Pick<Cloud, 'config' | 'clock' | 'sealing'>,
  present: TrustList | undefined,
  nextKey: PublicKey,
  overlap: { readonly endingKey: PublicKey; readonly days: number } | undefined,
): TrustList {
  const nowS = clock.nowS()
  const notBeforeS = addSeconds(nowS, -dayS)
  const fresh = { key: nextKey, notBeforeS, notAfterS: addSeconds(notBeforeS, issuerKeyDays * dayS) }
  const others = (present?.issuers ?? []).filter(({ key }) => key !== nextKey)
  const ended = others.map((issuer) =>
    issuer.key === overlap?.endingKey
      ? { ...issuer, notAfterS: epochSeconds(Math.min(issuer.notAfterS, nowS + overlap.days * dayS)) }
      : issuer,
  )
  return {
    operator: config.tenant,
    sequence: (present?.sequence ?? 0) + 1,
    timeS: nowS,
    issuers: [fresh, ...ended].slice(0, issuersMax),
    sealingKey: sealing.publicKey,
  }
}

/** One sentence about what is wrong with a list that came back, or undefined. */
export function listFault(
  { rootKey, list: present }: KnownTrust,
  bytes: Uint8Array,
  cloud: Pick<Cloud, 'config' | 'clock' | 'verify' | 'issuer'>,
): string | undefined {
  const opened = openTrustList(bytes, rootKey, cloud.verify)
  if (opened === undefined) return 'This is no trust list that the operator’s root signed.'
  const { operator, sequence } = opened.payload
  if (operator !== cloud.config.tenant) return `This list is for the operator ${operator}.`
  if (sequence !== present.sequence + 1)
    return `This list has sequence ${sequence}; the next one is ${present.sequence + 1}.`
  return isListed(opened.payload, cloud.issuer.publicKey, cloud.clock.nowS())
    ? undefined
    : 'This list lacks the key with which this server signs now: devices would refuse everything it says.'
}

/** Takes in a list that the root signed. From the next news on, devices accept every key on it. */
export async function takeList(
  cloud: Cloud,
  tx: TenantTransaction,
  bytes: Bytes,
): Promise<Result<TrustList, string>> {
  const known = await newestTrust(cloud, tx)
  if (known === undefined) return err('The operator is not established yet: start the server once.')
  const fault = listFault(known, bytes, cloud)
  const opened = openTrustList(bytes, known.rootKey, cloud.verify)
  if (fault !== undefined || opened === undefined) return err(fault ?? '')
  await keepList(cloud, tx, known.rootKey, bytes, opened.payload.sequence)
  return ok(opened.payload)
}

/** For the machine that has the root's key: signs exactly what was requested. */
export async function signList(requested: TrustList, root: Signer): Promise<string> {
  return toBase64Url((await signMessage(trustList, requested, root)).bytes)
}

async function keepList(
  cloud: Cloud,
  tx: TenantTransaction,
  rootKey: PublicKey,
  bytes: Bytes,
  sequence: number,
): Promise<void> {
  const { tenant } = cloud.config
  await tx
    .insertInto('trust_lists')
    .values({ tenant, sequence, root_key: rootKey, bytes: Buffer.from(bytes) })
    .execute()
  await tx.updateTable('tenants').set({ trust_sequence: sequence }).where('tenant', '=', tenant).execute()
}
