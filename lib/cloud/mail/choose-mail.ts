/** How mail leaves here: by SMTP where it is configured, into a folder in the demonstration, else not yet. */

import { join } from 'node:path'
import type { CloudConfig } from '../config'
import { folderMail } from './folder-mail'
import type { MailPort } from './mail-port'
import { smtpMail } from './smtp-mail'

export function chooseMail(config: CloudConfig): MailPort | undefined {
  // A demonstration writes to nobody, whatever its environment says.
  if (config.isDemo) return folderMail(join(config.dataFolder, 'mail'))
  return config.mail === undefined ? undefined : smtpMail(config.mail)
}
