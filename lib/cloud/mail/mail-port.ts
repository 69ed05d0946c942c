/** The way out for mail, and what may come of it. */

import type { Result } from '@/lib/core/result'

export interface Mail {
  readonly to: string
  readonly subject: string
  /** Plain text: nothing in it can run, load or hide where a link leads. */
  readonly text: string
  /** The same mail keeps its id at every attempt, so that a mailbox that gets it twice shows it once. */
  readonly messageId: string
}

export interface MailFault {
  /** `never`: the server will not take this mail, however often it is asked. */
  readonly kind: 'later' | 'never'
  /** What the server said, for the operator. */
  readonly why: string
}

export interface MailPort {
  send(mail: Mail): Promise<Result<void, MailFault>>
  close(): void
}
