/** The mail of an invitation, in the language of whoever invites. */

import { createTranslator } from 'use-intl/core'
import type { Locale } from '@/lib/format/locale'
import germanMail from '@/lib/format/messages/de/mail.json'
import englishMail from '@/lib/format/messages/en/mail.json'
import { formatTimestamp } from '@/lib/format/time'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'
import { queueMail } from '../mail/queue-mail'
import type { Person } from './library'
import type { Role } from './roles'

const words: Readonly<Record<Locale, typeof englishMail>> = { en: englishMail, de: germanMail }

interface Invited {
  readonly inviter: Person
  readonly organisationId: string
  readonly invitationId: string
  readonly email: string
  readonly role: Role
  readonly locale?: Locale | undefined
  readonly joinUrl: string
}

/** In the transaction of the invitation. Without a way out for mail, whoever invites passes the link on. */
export async function mailInvitation(
  cloud: Cloud,
  tx: TenantTransaction,
  { inviter, organisationId, invitationId, email, role, locale = 'en', joinUrl }: Invited,
): Promise<{ readonly expiresAtS: number; readonly isMailed: boolean }> {
  const { name, expiresAtS } = await tx
    .selectFrom('organisation_invitations as i')
    .innerJoin('organisations as o', (join) =>
      join.onRef('o.tenant', '=', 'i.tenant').onRef('o.organisation_id', '=', 'i.organisation_id'),
    )
    .select(['o.name as name', 'i.expires_at_s as expiresAtS'])
    .where('i.tenant', '=', cloud.config.tenant)
    .where('i.invitation_id', '=', invitationId)
    .executeTakeFirstOrThrow()
  const words = { locale, inviter: inviter.name, organisation: name, role, expiresAtS, joinUrl }
  const mail = { ...invitationMail(words), to: email, key: `invitation ${invitationId}`, organisationId }
  const isQueued = await queueMail(tx, cloud, mail)
  return { expiresAtS, isMailed: isQueued && cloud.mail !== undefined }
}

export interface InvitationMail {
  readonly locale: Locale
  readonly inviter: string
  readonly organisation: string
  readonly role: Role
  readonly expiresAtS: number
  readonly joinUrl: string
}

export function invitationMail(mail: InvitationMail): { readonly subject: string; readonly text: string } {
  const { locale, role, expiresAtS, joinUrl } = mail
  const t = createTranslator({ locale, messages: { mail: words[locale] } })
  const inviter = oneLine(mail.inviter)
  const organisation = oneLine(mail.organisation)
  // Nobody knows in which zone it is read; UTC is written with it.
  const until = `${formatTimestamp(locale, expiresAtS, 'UTC')} UTC`
  return {
    subject: t('mail.invitation.subject', { inviter, organisation }),
    text: t('mail.invitation.text', { inviter, organisation, role, until, link: joinUrl }),
  }
}

/**
 * Names are written by strangers. Without line breaks, slashes and dots between letters they cannot look like our own
 * sentences or become a link of somebody else's.
 */
const oneLine = (name: string): string =>
  name
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/[/:@]|(?<=\S)\.(?=\S)/g, ' ')
    .trim()
    .slice(0, 80)
