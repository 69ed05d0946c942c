/** Mail by the operator's SMTP server. */

import { createTransport } from 'nodemailer'
import { err, ok } from '@/lib/core/result'
import type { MailConfig } from '../config'
import type { MailFault, MailPort } from './mail-port'

/** A server that does not answer must not hold up the mails behind it for long. */
const timeoutMs = 15_000

export function smtpMail({ smtpUrl, from }: MailConfig): MailPort {
  const transport = createTransport({
    url: smtpUrl,
    requireTLS: leavesThisMachine(smtpUrl),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // Only what we write ourselves goes out: no file and no address is read because a text names it.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send({ to, subject, text, messageId }) {
      try {
        await transport.sendMail({
          from,
          to: { name: '', address: to },
          subject,
          text,
          messageId,
          headers: { 'Auto-Submitted': 'auto-generated' },
        })
        return ok(undefined)
      } catch (error) {
        return err(faultOf(error))
      }
    },
    close: () => transport.close(),
  }
}

/** A join link must not travel in the clear: a server elsewhere that offers no TLS gets no mail. */
export const leavesThisMachine = (smtpUrl: string): boolean =>
  !['localhost', '127.0.0.1', '[::1]'].includes(new URL(smtpUrl).hostname)

function faultOf(error: unknown): MailFault {
  const { responseCode, code, message } = error as {
    readonly responseCode?: number
    readonly code?: string
    readonly message?: string
  }
  // A refused password is the operator's to mend; the mail itself may still go.
  const isFinal = responseCode !== undefined && responseCode >= 500 && code !== 'EAUTH'
  return { kind: isFinal ? 'never' : 'later', why: message ?? String(error) }
}
