/** Mail of the demonstration: nobody gets it, it lies in a folder to be read. */

import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { err, ok } from '@/lib/core/result'
import type { MailPort } from './mail-port'

export const folderMail = (folder: string): MailPort => ({
  async send({ to, subject, text, messageId }) {
    const path = join(folder, `${messageId.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '')}.txt`)
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      // Whoever looks into the folder never finds half of one.
      await writeFile(`${path}.part`, `To: ${to}\nSubject: ${subject}\n\n${text}`, { mode: 0o600 })
      await rename(`${path}.part`, path)
      return ok(undefined)
    } catch (error) {
      return err({ kind: 'later', why: error instanceof Error ? error.message : String(error) })
    }
  },
  close: () => undefined,
})
