/**
 * Passes into chargers' technician mode. The operator invites somebody under a one-time code; the phone that brings the
 * code gets a pass for its own key, signed like everything else that acts without us. The same phone with the same code
 * gets the same pass again, so that a lost answer costs nothing. Taking one back is a revocation like any other.
 */

import { toBytes, type Bytes } from '@/lib/core/bytes'
import { grantSerial, type GrantSerial, type SiteId } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { addSeconds, epochSeconds } from '@/lib/core/units'
import { signMessage } from '@/lib/protocol/message'
import { technicianPass } from '@/lib/protocol/messages/technician-pass'
import { writeAuditLine } from '../audit'
import type { Cloud } from '../context'
import { inTenant, transact, type TenantTransaction } from '../database/connection'
import { hashSecret, normaliseCode, randomCode } from '../secrets'
import { freshSerial, readKey } from './grant-books'
import { knownSites } from './queries'
import { isRevoked } from './revocations'

const dayS = 86_400
const codeDays = 7

export const technicianLimits = { daysMost: 366, holderCharsMax: 60 } as const

/** Bits of the pass. Whoever may serve may look as well. */
export const technicianRights = { diagnostics: 1, service: 3 } as const

export interface TechnicianInvitation {
  readonly holder: string
  /** None: every site of the operator. */
  readonly sites: readonly string[]
  readonly rights: keyof typeof technicianRights
  readonly days: number
  readonly author: string
}

export interface InvitedTechnician {
  readonly serial: GrantSerial
  /** Shown once; only its hash is kept. */
  readonly code: string
  readonly url: string
}

export async function inviteTechnician(
  cloud: Cloud,
  { holder, sites, rights, days, author }: TechnicianInvitation,
): Promise<Result<InvitedTechnician, Refusal>> {
  const { tenant, origin } = cloud.config
  return transact(cloud.db, tenant, async (tx) => {
    const known = await knownSites(tx, tenant, sites)
    if (known === undefined) return err(refusal('grant.site'))
    const serial = await freshSerial(cloud, tx)
    const code = randomCode(cloud.random)
    const nowS = cloud.clock.nowS()
    await tx
      .insertInto('technician_passes')
      .values({
        ...{ tenant, serial, holder, sites: [...known], rights: technicianRights[rights], days },
        ...{ code_hash: hashSecret(normaliseCode(code)), invited_at_s: nowS },
        ...{ code_expires_at_s: nowS + codeDays * dayS, device_key: null },
        ...{ issued_at_s: null, not_after_s: null, bytes: null },
      })
      .execute()
    await writeAuditLine(cloud, tx, author, 'technician.invite', serial)
    // After the number sign, so that the code appears in no server's log.
    return ok({ serial, code, url: `${origin}/technician#${code}` })
  })
}

/** Exchanges a one-time code for a pass, once for one key. */
export async function takeInvitation(
  cloud: Cloud,
  request: { readonly code: string; readonly deviceKey: string },
): Promise<Result<Bytes, Refusal>> {
  const { tenant } = cloud.config
  const key = readKey(request.deviceKey)
  if (key === undefined) return err(refusal('phone.key'))
  return transact(cloud.db, tenant, async (tx) => {
    const row = await tx
      .selectFrom('technician_passes')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('code_hash', '=', hashSecret(normaliseCode(request.code)))
      .forUpdate()
      .executeTakeFirst()
    const nowS = cloud.clock.nowS()
    if (row === undefined) return err(refusal('technician.invitation'))
    const serial = grantSerial(row.serial)
    if (row.bytes !== null && row.device_key === key) return ok(toBytes(row.bytes))
    const isOpen =
      row.bytes === null && nowS <= row.code_expires_at_s && !(await isRevoked(cloud, tx, serial))
    if (!isOpen) return err(refusal('technician.invitation'))
    const notAfterS = addSeconds(nowS, row.days * dayS)
    const payload = {
      ...{ operator: tenant, serial, key, sites: row.sites as SiteId[], rights: row.rights },
      ...{ notBeforeS: addSeconds(nowS, -300), notAfterS },
    }
    const signed = await signMessage(technicianPass, payload, cloud.issuer)
    await tx
      .updateTable('technician_passes')
      .set({ device_key: key, issued_at_s: nowS, not_after_s: notAfterS, bytes: Buffer.from(signed.bytes) })
      .where('tenant', '=', tenant)
      .where('serial', '=', serial)
      .execute()
    await writeAuditLine(cloud, tx, 'technician', 'technician.take', serial)
    return ok(signed.bytes)
  })
}

/** Until when a revocation of it must be told: the end of the pass, or of its invitation. */
export async function technicianPassEnd(
  tx: TenantTransaction,
  tenant: string,
  serial: GrantSerial,
): Promise<number | undefined> {
  const row = await tx
    .selectFrom('technician_passes')
    .select(['not_after_s', 'code_expires_at_s'])
    .where('tenant', '=', tenant)
    .where('serial', '=', serial)
    .executeTakeFirst()
  return row === undefined ? undefined : epochSeconds(row.not_after_s ?? row.code_expires_at_s)
}

export interface ListedTechnician {
  readonly serial: string
  readonly holder: string
  readonly sites: readonly string[]
  readonly rights: keyof typeof technicianRights
  readonly state: 'invited' | 'live' | 'expired' | 'revoked'
  readonly endsAtS: number
}

const listedMax = 500

export async function listTechnicians(cloud: Cloud): Promise<readonly ListedTechnician[]> {
  const { tenant } = cloud.config
  const rows = await inTenant(cloud.db, tenant, (tx) =>
    tx
      .selectFrom('technician_passes as p')
      .leftJoin('revoked_grants as r', (join) =>
        join.onRef('r.tenant', '=', 'p.tenant').onRef('r.serial', '=', 'p.serial'),
      )
      .select(['p.serial', 'p.holder', 'p.sites', 'p.rights', 'p.not_after_s', 'p.code_expires_at_s'])
      .select(['r.revoked_at_s'])
      .where('p.tenant', '=', tenant)
      .orderBy('p.invited_at_s', 'desc')
      .limit(listedMax)
      .execute(),
  )
  const nowS = cloud.clock.nowS()
  return rows.map(
    ({ serial, holder, sites, rights, not_after_s: ends, code_expires_at_s: codeEnds, revoked_at_s }) => {
      const endsAtS = ends ?? codeEnds
      const state =
        revoked_at_s !== null ? 'revoked' : nowS > endsAtS ? 'expired' : ends === null ? 'invited' : 'live'
      return {
        ...{ serial, holder, sites, state, endsAtS },
        rights: (rights & 2) === 0 ? 'diagnostics' : 'service',
      } as const
    },
  )
}
