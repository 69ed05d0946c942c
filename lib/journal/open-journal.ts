/** Opens the journal of this device on its disk: an encrypted database at `path` and its anchor at `path`.anchor. */

import type { Result } from '@/lib/core/result'
import { readAnchorFile, writeAnchorFile } from './anchor-file'
import type { Journal, JournalFault } from './journal'
import { openLibsqlStore } from './libsql-store'
import { openLog, type JournalIdentity } from './log-journal'
import type { SegmentVault } from './segment-vault'
import type { JournalMedium } from './store'

export interface JournalFileOptions extends JournalIdentity {
  /** The folder must exist. */
  readonly path: string
  /** Random text of at least 32 characters, from the device's key store. */
  readonly encryptionKey: string
  /** Holds what the keys of the log's segments are wrapped under. */
  readonly vault: SegmentVault
}

export function openJournal<Table extends string = string>(
  options: JournalFileOptions,
): Result<Journal<Table>, JournalFault> {
  const { path, encryptionKey, vault, device, random } = options
  const anchorPath = `${path}.anchor`
  const medium: JournalMedium = {
    open: () => openLibsqlStore(path, encryptionKey, vault),
    readAnchor: () => readAnchorFile(anchorPath, encryptionKey),
    writeAnchor: (anchor) => writeAnchorFile(anchorPath, encryptionKey, anchor),
  }
  return openLog<Table>(medium, { device, random })
}
