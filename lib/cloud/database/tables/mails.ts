/** Mail that waits to be sent, and that some was. */

export interface MailRow {
  tenant: string
  /** On whose behalf. */
  organisation_id: string
  mail_key: string
  recipient: string
  subject: string
  /** Empty once it was dealt with. */
  body: string
  state: 'waiting' | 'sent' | 'given-up'
  attempts: number
  /** Not before. */
  next_at_s: number
  created_at_s: number
  done_at_s: number | null
  fault: string | null
}

export interface MailsTables {
  mails: MailRow
}
