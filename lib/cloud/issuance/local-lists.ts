/**
 * The list of cards of each site: built from what fleets gave out, signed when it says something new or grows old, and
 * sent to a charger until its log says that it holds it.
 */

import { sql } from 'kysely'
import { toBase64Url, toBytes, utf8, type Bytes } from '@/lib/core/bytes'
import { messageHash, type ChargerId, type SiteId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { addSeconds, minorUnits } from '@/lib/core/units'
import { sha256Hex } from '@/lib/crypto/hash'
import { decodeCbor, encodeCbor } from '@/lib/protocol/cbor'
import { decodeJournalEvent } from '@/lib/protocol/journal-event'
import { parseMessage, signMessage } from '@/lib/protocol/message'
import { chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { localList, tokenTypes, type LocalListEntry } from '@/lib/protocol/messages/local-list'
import type { ParsedBundle } from '@/lib/sync/bundle'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'

const dayS = 86_400
/** As long as a site-bound grant: a charger may be alone for weeks, and a lost card is good there until then. */
const listLivesDays = 45
/** With less than this left it is issued anew, so that nobody who syncs once a fortnight runs out. */
const renewedBeforeDays = 30
/** Room in a message beside the entries: signature, names and numbers. */
const partOverheadBytes = 256

interface BuiltList {
  readonly version: number
  readonly parts: readonly Bytes[]
}

/** What this charger lacks; undefined where it has the newest, or its site has no cards and never had. */
export async function localListFor(
  cloud: Cloud,
  tx: TenantTransaction,
  charger: ChargerId,
  bundle: ParsedBundle,
): Promise<readonly string[] | undefined> {
  const certificate = parseMessage(chargerCertificate, bundle.certificate)
  if (!certificate.ok) return undefined
  const held = await heldBy(cloud, tx, charger, bundle)
  const list = await newestList(cloud, tx, certificate.value.payload.siteId)
  if (list === undefined || (held ?? -1) >= list.version) return undefined
  return list.parts.map(toBase64Url)
}

/** The version that its log says it adopted. A log that began anew may be of a charger that lost everything. */
async function heldBy(
  cloud: Cloud,
  tx: TenantTransaction,
  charger: ChargerId,
  { checkpoint, events }: ParsedBundle,
): Promise<number | undefined> {
  const { tenant } = cloud.config
  const { epoch } = checkpoint.payload
  const told = events.filter(saysList).flatMap((bytes) => {
    const event = decodeJournalEvent(bytes)
    return event.ok && event.value.kind === 'list-adopted' ? [event.value] : []
  })
  const last = told.at(-1)
  if (last !== undefined) {
    const { version, cards } = last
    const row = { log_epoch: epoch, version, cards, heard_at_s: cloud.clock.nowS() }
    await tx
      .insertInto('local_list_holders')
      .values({ tenant, charger_id: charger, ...row })
      .onConflict((conflict) => conflict.columns(['tenant', 'charger_id']).doUpdateSet(row))
      .execute()
    return version
  }
  const before = await tx
    .selectFrom('local_list_holders')
    .select(['version', 'log_epoch'])
    .where('tenant', '=', tenant)
    .where('charger_id', '=', charger)
    .executeTakeFirst()
  return before?.log_epoch === epoch ? before.version : undefined
}

/** `[14, …]` in deterministic CBOR: told from the rest without decoding thousands of readings. */
const saysList = (event: Uint8Array): boolean => event[0] === 0x82 && event[1] === 0x0e

async function newestList(cloud: Cloud, tx: TenantTransaction, site: SiteId): Promise<BuiltList | undefined> {
  const { tenant } = cloud.config
  const entries = await entriesOf(cloud, tx, site)
  const digest = digestOf(entries)
  const stored = await storedList(tx, tenant, site)
  if (stored === undefined && entries.length === 0) return undefined
  if (stored !== undefined && isCurrent(cloud, stored, digest)) return stored
  // One at a time, so that two chargers that ask at once are given one list.
  await tx
    .selectFrom('sites')
    .select('site_id')
    .where('tenant', '=', tenant)
    .where('site_id', '=', site)
    .forUpdate()
    .execute()
  const again = await storedList(tx, tenant, site)
  if (again !== undefined && isCurrent(cloud, again, digest)) return again
  return buildList(cloud, tx, site, entries, digest, (again?.version ?? 0) + 1)
}

interface StoredList extends BuiltList {
  readonly digest: string
  readonly notAfterS: number
}

const isCurrent = ({ clock }: Cloud, stored: StoredList, digest: string): boolean =>
  stored.digest === digest && stored.notAfterS - clock.nowS() > renewedBeforeDays * dayS

async function storedList(
  tx: TenantTransaction,
  tenant: string,
  site: SiteId,
): Promise<StoredList | undefined> {
  const row = await tx
    .selectFrom('local_lists')
    .select(['version', 'digest', 'not_after_s', 'parts'])
    .where('tenant', '=', tenant)
    .where('site_id', '=', site)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const decoded = decodeCbor(row.parts, limits.roadReplyBytesMax)
  const parts = decoded.ok && Array.isArray(decoded.value) ? (decoded.value as readonly Uint8Array[]) : []
  return { version: row.version, digest: row.digest, notAfterS: row.not_after_s, parts: parts.map(toBytes) }
}

async function buildList(
  cloud: Cloud,
  tx: TenantTransaction,
  site: SiteId,
  entries: readonly LocalListEntry[],
  digest: string,
  version: number,
): Promise<BuiltList> {
  const { tenant } = cloud.config
  const timeS = cloud.clock.nowS()
  const notAfterS = addSeconds(timeS, listLivesDays * dayS)
  const pages = pagesOf(entries)
  const parts: Bytes[] = []
  for (const [part, page] of pages.entries()) {
    const payload = { operator: tenant, site, version, timeS, notAfterS, part, parts: pages.length }
    parts.push((await signMessage(localList, { ...payload, entries: page }, cloud.issuer)).bytes)
  }
  const row = {
    ...{ version, digest, cards: entries.length, issued_at_s: timeS, not_after_s: notAfterS },
    parts: Buffer.from(encodeCbor(parts)),
  }
  await tx
    .insertInto('local_lists')
    .values({ tenant, site_id: site, ...row })
    .onConflict((conflict) => conflict.columns(['tenant', 'site_id']).doUpdateSet(row))
    .execute()
  return { version, parts }
}

/** As many as fit into a message; an empty list has one part, which says so. */
function pagesOf(entries: readonly LocalListEntry[]): readonly (readonly LocalListEntry[])[] {
  const room = limits.messageBytesMax - partOverheadBytes
  const pages: LocalListEntry[][] = [[]]
  let used = 0
  for (const entry of entries) {
    const size =
      entry.voucher.length + entry.token.length + (entry.group?.length ?? 0) + entryHeadBytes(entry)
    const page = pages.at(-1)
    if (page === undefined || used + size > room || page.length === limits.localListPartEntriesMax) {
      pages.push([entry])
      used = size
    } else {
      page.push(entry)
      used += size
    }
  }
  return pages
}

/** Keys and heads of an entry, its caps, and 17 bytes a contract. */
const entryHeadBytes = ({ contracts = [] }: LocalListEntry): number => 20 + contracts.length * 17

/** Cards of this site that somebody may still charge by, in the order in which they were given out. */
async function entriesOf(
  cloud: Cloud,
  tx: TenantTransaction,
  site: SiteId,
): Promise<readonly LocalListEntry[]> {
  const rows = await liveCards(cloud, tx, site)
    .select(['c.token_type', 'c.token', 'c.session_cap_minor', 'c.card_group', 'c.contracts', 'v.bytes'])
    .orderBy('c.issued_at_s')
    .orderBy('c.serial')
    .execute()
  return rows.flatMap((row) => {
    const type = tokenTypes.find((one) => one === row.token_type)
    if (type === undefined) return []
    return [
      {
        ...{ type, token: row.token, voucher: toBytes(row.bytes) },
        ...(row.session_cap_minor === null ? {} : { sessionCapMinor: minorUnits(row.session_cap_minor) }),
        ...(row.card_group === null ? {} : { group: row.card_group }),
        ...(row.contracts.length === 0 ? {} : { contracts: row.contracts.map((one) => messageHash(one)) }),
      },
    ]
  })
}

/** Neither withdrawn, nor used up, nor past its date. */
const liveCards = ({ config: { tenant }, clock }: Cloud, tx: TenantTransaction, site: string) =>
  tx
    .selectFrom('fleet_cards as c')
    .innerJoin('vouchers as v', (join) =>
      join.onRef('v.tenant', '=', 'c.tenant').onRef('v.serial', '=', 'c.serial'),
    )
    .leftJoin('revoked_grants as r', (join) =>
      join.onRef('r.tenant', '=', 'c.tenant').onRef('r.serial', '=', 'c.serial'),
    )
    .where('c.tenant', '=', tenant)
    .where('c.revoked_at_s', 'is', null)
    .where('r.serial', 'is', null)
    .where('v.not_after_s', '>', clock.nowS())
    .where(sql<boolean>`${site} = any(v.sites)`)

/** Whether a list of this site has room for one more card. */
export async function hasRoom(cloud: Cloud, tx: TenantTransaction, site: string): Promise<boolean> {
  const { count } = await liveCards(cloud, tx, site)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count < cardsPerSiteMax
}

/** With the longest entries there are ten cards to a message; what is promised is always kept. */
const cardsPerSiteMax = limits.localListPartsMax * 10

const digestOf = (entries: readonly LocalListEntry[]): string =>
  sha256Hex(
    utf8(
      entries.map(({ voucher, ...rest }) => JSON.stringify([toBase64Url(toBytes(voucher)), rest])).join('\n'),
    ),
  )
