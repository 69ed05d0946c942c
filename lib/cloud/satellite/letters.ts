/**
 * What the worker does about satellites: whole letters become evidence like a report of any phone, because that is what is
 * in them, and answers go out to the modems. Each step may happen twice; money moves once, because evidence is a set.
 */

import { concat, fromBase64Url, toBase64Url, toBytes, type Bytes } from '@/lib/core/bytes'
import type { MessageHash } from '@/lib/core/ids'
import type { EpochSeconds } from '@/lib/core/units'
import { sealShared, sharedBytesMore } from '@/lib/crypto/hpke'
import { parseMessage, verifyMessage } from '@/lib/protocol/message'
import { chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { grant } from '@/lib/protocol/messages/grant'
import { revocationDelta } from '@/lib/protocol/messages/revocation-delta'
import { serialIn, type SignedSession } from '@/lib/letter/compact-session'
import {
  encodeLetterAnswer,
  letterAnswerLabel,
  openLetter,
  sessionsIn,
  type LetterParts,
} from '@/lib/letter/letter'
import { framesOf, roomIn } from '@/lib/letter/frames'
import type { ReportedChain } from '../api-types/wallet'
import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'
import { receiveSessions } from '../ingest/commands'
import { revocationNews } from '../issuance/revocations'
import { chargerOfTerminal } from './terminals'

/** What every modem of the family can receive (Iridium 9602). */
const answerBytesMax = 270
const lettersAtOnce = 8
const againAfterS = 60
const nonceBytes = 12

interface LetterKey {
  readonly imei: string
  readonly letter: number
}

/** Works through letters that are whole. Gives how many were decided; what could not be done now is tried again in a minute. */
export async function takeLetters(cloud: Cloud): Promise<number> {
  const due = await lettersDue(cloud)
  let done = 0
  for (const key of due) if (await takeLetter(cloud, key)) done += 1
  return done
}

const lettersDue = (cloud: Cloud): Promise<readonly LetterKey[]> =>
  inTenant(cloud.db, cloud.config.tenant, (tx) =>
    tx
      .selectFrom('satellite_letters')
      .select(['imei', 'letter'])
      .where('tenant', '=', cloud.config.tenant)
      .where('state', '=', 'whole')
      .where('next_at_s', '<=', cloud.clock.nowS())
      .orderBy('next_at_s')
      .limit(lettersAtOnce)
      .execute(),
  )

async function takeLetter(cloud: Cloud, key: LetterKey): Promise<boolean> {
  const opened = await openLetter(await sealedBytes(cloud, key), cloud.sealing.keys.values())
  if (opened === undefined) {
    await close(cloud, key, 'unreadable', 0, [])
    return true
  }
  const known = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    booksOf(tx, cloud.config.tenant, key, opened),
  )
  const read = sessionsIn(opened, (serial) => known.grants.get(serial)?.hash)
  const sessions = read.filter((session) => session !== undefined)
  const received = await receiveSessions(cloud, chainsOf(cloud, sessions, known))
  if (!received.ok && passing.has(received.error.code)) {
    await putOff(cloud, key)
    return false
  }
  // The first that cannot be read now never can: what follows it comes in the next letter.
  const decided = Math.min(read.length, sessions.length + 1)
  await close(cloud, key, 'taken', sessions.length, await answerTo(cloud, key, opened, decided, sessions))
  return true
}

/** Nothing was decided. */
const passing: ReadonlySet<string> = new Set(['api.busy', 'api.internal', 'api.unreachable'])

async function sealedBytes(cloud: Cloud, { imei, letter }: LetterKey): Promise<Bytes> {
  const { tenant } = cloud.config
  const parts = await inTenant(cloud.db, tenant, (tx) =>
    tx
      .selectFrom('satellite_parts')
      .select('bytes')
      .where('tenant', '=', tenant)
      .where('imei', '=', imei)
      .where('letter', '=', letter)
      .orderBy('part')
      .execute(),
  )
  return concat(...parts.map(({ bytes }) => bytes))
}

interface Books {
  readonly grants: ReadonlyMap<string, { readonly bytes: Bytes; readonly hash: MessageHash }>
  /** Of the modem's charger, the newest first. */
  readonly certificates: readonly Bytes[]
}

async function booksOf(
  tx: TenantTransaction,
  tenant: string,
  { imei }: LetterKey,
  { sessions }: LetterParts,
): Promise<Books> {
  const serials = [...new Set(sessions.map(serialIn).filter((serial) => serial !== undefined))]
  const rows =
    serials.length === 0
      ? []
      : await tx
          .selectFrom('grants')
          .select(['serial', 'bytes'])
          .where('tenant', '=', tenant)
          .where('serial', 'in', serials)
          .execute()
  const chargerId = await chargerOfTerminal(tx, tenant, imei)
  const certificates =
    chargerId === undefined
      ? []
      : await tx
          .selectFrom('charger_certificates')
          .select('bytes')
          .where('tenant', '=', tenant)
          .where('charger_id', '=', chargerId)
          .orderBy('not_before_s', 'desc')
          .limit(16)
          .execute()
  const grants = rows.flatMap(({ serial, bytes }) => {
    const parsed = parseMessage(grant, toBytes(bytes))
    return parsed.ok ? [[serial, { bytes: parsed.value.bytes, hash: parsed.value.hash }] as const] : []
  })
  return { grants: new Map(grants), certificates: certificates.map(({ bytes }) => toBytes(bytes)) }
}

/** As a phone would tell them; whatever no key of this charger signed goes along, and is refused where all evidence is. */
function chainsOf(
  cloud: Cloud,
  sessions: readonly SignedSession[],
  { grants, certificates }: Books,
): readonly ReportedChain[] {
  const keys = certificates.flatMap((bytes) => {
    const parsed = parseMessage(chargerCertificate, bytes)
    return parsed.ok ? [{ bytes, key: parsed.value.payload.key }] : []
  })
  return [...new Set(sessions.map(({ serial }) => serial))].map((serial) => {
    const own = sessions.filter((session) => session.serial === serial)
    return {
      grant: toBase64Url(grants.get(serial)?.bytes ?? new Uint8Array()),
      authorizations: own.map(({ authorization }) => toBase64Url(authorization.bytes)),
      answers: [],
      receipts: own.map(({ offer, receipt }) => {
        const signer = keys.find(({ key }) => verifyMessage(receipt, key, cloud.verify) !== undefined)
        return {
          receipt: toBase64Url(receipt.bytes),
          offer: toBase64Url(offer.bytes),
          certificate: toBase64Url(signer?.bytes ?? keys[0]?.bytes ?? new Uint8Array()),
        }
      }),
    }
  })
}

/** What has been decided, and the revocations that the charger did not know when it made its last offer, if they fit. */
async function answerTo(
  cloud: Cloud,
  { letter }: LetterKey,
  { answerKey }: LetterParts,
  decided: number,
  sessions: readonly SignedSession[],
): Promise<readonly Bytes[]> {
  const { deltas } = await inTenant(cloud.db, cloud.config.tenant, (tx) => revocationNews(cloud, tx))
  const knownEpoch = sessions.at(-1)?.offer.payload.revocationEpoch ?? 0
  const useful = deltas
    .map((text) => fromBase64Url(text))
    .filter((bytes) => bytes !== undefined)
    .filter((bytes) => {
      const parsed = parseMessage(revocationDelta, bytes)
      return (
        parsed.ok && parsed.value.payload.fromEpoch <= knownEpoch && parsed.value.payload.epoch > knownEpoch
      )
    })
  const plain = [...useful.map((bytes) => [bytes]), []]
    .map((revocationDeltas) => encodeLetterAnswer({ decided, revocationDeltas }))
    .find((bytes) => bytes.length + sharedBytesMore <= roomIn(2, answerBytesMax))
  if (plain === undefined) return []
  const sealed = await sealShared(answerKey, plain, letterAnswerLabel, cloud.random.bytes(nonceBytes))
  return framesOf('answer', letter, sealed, answerBytesMax) ?? []
}

async function close(
  cloud: Cloud,
  key: LetterKey,
  state: 'taken' | 'unreadable',
  sessions: number,
  answers: readonly Bytes[],
): Promise<void> {
  const { tenant } = cloud.config
  const nowS = cloud.clock.nowS()
  await inTenant(cloud.db, tenant, async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('satellite_letters')
      .set({ state, sessions, done_at_s: nowS })
      .where('tenant', '=', tenant)
      .where('imei', '=', key.imei)
      .where('letter', '=', key.letter)
      .where('state', '=', 'whole')
      .executeTakeFirst()
    // Another worker did it meanwhile.
    if (numUpdatedRows === 0n) return
    await tx
      .deleteFrom('satellite_parts')
      .where('tenant', '=', tenant)
      .where('imei', '=', key.imei)
      .where('letter', '=', key.letter)
      .execute()
    if (answers.length === 0) return
    const rows = answers.map((bytes, part) => ({
      ...{ tenant, ...key, part, bytes: Buffer.from(bytes) },
      ...{ sent_at_s: null, next_at_s: nowS, fault: null },
    }))
    await tx.insertInto('satellite_answers').values(rows).execute()
  })
}

const putOff = (cloud: Cloud, { imei, letter }: LetterKey): Promise<unknown> =>
  inTenant(cloud.db, cloud.config.tenant, (tx) =>
    tx
      .updateTable('satellite_letters')
      .set(({ eb }) => ({
        attempts: eb('attempts', '+', 1),
        next_at_s: later(cloud.clock.nowS(), againAfterS),
      }))
      .where('tenant', '=', cloud.config.tenant)
      .where('imei', '=', imei)
      .where('letter', '=', letter)
      .execute(),
  )

const later = (nowS: EpochSeconds, spanS: number): number => nowS + spanS
