/**
 * Sends what waits. An attempt is written down before it is made, and what came of it afterwards: a process that dies
 * in between lets the mail be tried again after its wait, under the same message id.
 */

import { createHmac } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'
import type { MailRow } from '../database/tables/mails'
import { mailLimits, waitAfter } from './limits'
import type { MailFault, MailPort } from './mail-port'
import { forgetOldMails } from './queue-mail'

const pauseMs = 1_000
const pauseAfterFaultMs = 5_000

/** Ends after the mail in hand once `signal` is aborted. */
export async function runMails(cloud: Cloud, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    let pause = pauseMs
    try {
      if ((await sendDueMails(cloud)) > 0) pause = 0
    } catch (error) {
      process.stderr.write(`mails: ${error instanceof Error ? error.message : String(error)}\n`)
      pause = pauseAfterFaultMs
    }
    await wait(pause, undefined, { signal }).catch(() => undefined)
  }
}

/** How many were tried. Without a way out they wait, until they are too old to help anybody. */
export async function sendDueMails(cloud: Cloud): Promise<number> {
  const { mail: port } = cloud
  await giveUpOld(cloud)
  if (port === undefined) return 0
  const due = await inTenant(cloud.db, cloud.config.tenant, (tx) => takeDue(tx, cloud))
  for (const row of due) await attempt(cloud, port, row)
  return due.length
}

/** By the worker, now and then. */
export const keepMails = (cloud: Cloud): Promise<void> =>
  inTenant(cloud.db, cloud.config.tenant, (tx) => forgetOldMails(tx, cloud))

async function takeDue(tx: TenantTransaction, cloud: Cloud): Promise<readonly MailRow[]> {
  const { tenant } = cloud.config
  const nowS = cloud.clock.nowS()
  const due = await tx
    .selectFrom('mails')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('state', '=', 'waiting')
    .where('next_at_s', '<=', nowS)
    .orderBy('next_at_s')
    .orderBy('mail_key')
    .limit(mailLimits.batch)
    .forUpdate()
    .skipLocked()
    .execute()
  for (const row of due)
    await tx
      .updateTable('mails')
      .set({ attempts: row.attempts + 1, next_at_s: nowS + waitAfter(row.attempts + 1) })
      .where('tenant', '=', tenant)
      .where('organisation_id', '=', row.organisation_id)
      .where('mail_key', '=', row.mail_key)
      .execute()
  return due.map((row) => ({ ...row, attempts: row.attempts + 1 }))
}

async function attempt(cloud: Cloud, port: MailPort, row: MailRow): Promise<void> {
  const sent = await port.send({
    to: row.recipient,
    subject: row.subject,
    text: row.body,
    messageId: messageIdOf(cloud, row),
  })
  if (sent.ok) return finish(cloud, row, 'sent', null)
  const { kind, why } = sent.error
  if (kind === 'never' || row.attempts >= mailLimits.attempts) return finish(cloud, row, 'given-up', why)
  await write(cloud, row, { fault: faultOf(why) })
}

/** What it said is forgotten with it: it may hold a link that lets somebody in. */
const finish = (
  cloud: Cloud,
  row: MailRow,
  state: MailRow['state'],
  why: MailFault['why'] | null,
): Promise<void> =>
  write(cloud, row, {
    state,
    body: '',
    done_at_s: cloud.clock.nowS(),
    fault: why === null ? null : faultOf(why),
  })

const faultOf = (why: string): string => why.slice(0, 300)

async function write(cloud: Cloud, row: MailRow, change: Partial<MailRow>): Promise<void> {
  const { tenant } = cloud.config
  await inTenant(cloud.db, tenant, (tx) =>
    tx
      .updateTable('mails')
      .set(change)
      .where('tenant', '=', tenant)
      .where('organisation_id', '=', row.organisation_id)
      .where('mail_key', '=', row.mail_key)
      .where('state', '=', 'waiting')
      .execute(),
  )
}

async function giveUpOld(cloud: Cloud): Promise<void> {
  const { tenant } = cloud.config
  const nowS = cloud.clock.nowS()
  await inTenant(cloud.db, tenant, (tx) =>
    tx
      .updateTable('mails')
      .set({ state: 'given-up', body: '', done_at_s: nowS, fault: 'too old' })
      .where('tenant', '=', tenant)
      .where('state', '=', 'waiting')
      .where('created_at_s', '<', nowS - mailLimits.lifeS)
      .execute(),
  )
}

/** Tells nothing of the organisation and cannot be guessed. */
function messageIdOf(cloud: Cloud, row: MailRow): string {
  const mark = createHmac('sha256', cloud.pseudonymSecret)
    .update(`mail ${row.organisation_id} ${row.mail_key}`)
    .digest('hex')
    .slice(0, 32)
  return `<${mark}@${cloud.config.rpId}>`
}
