/**
 * Mail is written down in the transaction of what it tells, and sent afterwards by the worker (send-mails.ts): there is
 * no mail about something that was rolled back, and no act whose mail got lost with a process.
 */

import { sql } from 'kysely'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'
import { mailLimits } from './limits'

export interface QueuedMail {
  readonly to: string
  readonly subject: string
  readonly text: string
  /** The same key is sent once, whoever queues it again. */
  readonly key: string
  /** On whose behalf: it counts against their limit. */
  readonly organisationId: string
}

const daySeconds = 86_400

/** A terminal that writes a mail down has nothing more. */
type MailBooks = Pick<Cloud, 'clock'> & { readonly config: Pick<Cloud['config'], 'tenant'> }

/** False: the organisation has had its mails of a day, and this one is not sent. */
export async function queueMail(tx: TenantTransaction, cloud: MailBooks, mail: QueuedMail): Promise<boolean> {
  const { tenant } = cloud.config
  const nowS = cloud.clock.nowS()
  const { key, organisationId } = mail
  // Orders those who write at the same time, so that together they keep to the limit.
  await tx
    .selectFrom('organisations')
    .select('organisation_id')
    .where('tenant', '=', tenant)
    .where('organisation_id', '=', organisationId)
    .forUpdate()
    .execute()
  const { count } = await tx
    .selectFrom('mails')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('tenant', '=', tenant)
    .where('organisation_id', '=', organisationId)
    .where('created_at_s', '>', nowS - daySeconds)
    .executeTakeFirstOrThrow()
  if (count >= mailLimits.perOrganisationDay) return false
  await tx
    .insertInto('mails')
    .values({
      tenant,
      organisation_id: organisationId,
      mail_key: key,
      recipient: mail.to,
      subject: oneLine(mail.subject).slice(0, mailLimits.subject),
      body: mail.text.slice(0, mailLimits.text),
      state: 'waiting',
      attempts: 0,
      next_at_s: nowS,
      created_at_s: nowS,
      done_at_s: null,
      fault: null,
    })
    .onConflict((conflict) => conflict.columns(['tenant', 'organisation_id', 'mail_key']).doNothing())
    .execute()
  return true
}

/** A name with a line break in it must not begin a header of its own. */
const oneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim()

/** Those that were dealt with long ago; a step at a time. */
export async function forgetOldMails(tx: TenantTransaction, cloud: Cloud): Promise<void> {
  const beforeS = cloud.clock.nowS() - mailLimits.rememberedS
  await sql`
    delete from mails where tenant = ${cloud.config.tenant} and (organisation_id, mail_key) in (
      select organisation_id, mail_key from mails
      where tenant = ${cloud.config.tenant} and state <> 'waiting' and done_at_s < ${beforeS}::bigint
      order by done_at_s limit 1000)`.execute(tx)
}
