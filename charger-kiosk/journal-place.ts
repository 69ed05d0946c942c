/** Where the charger's journal lies, what to say when it cannot be opened, and how a damaged one is put aside. */

import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { JournalFault } from '@/lib/journal/journal'
import { isVaultFile } from '@/lib/journal/segment-vault'
import { keysFolder } from './keys/open-keys'

export const journalPath = (dataFolder: string): string => join(dataFolder, 'journal.db')

const companions = ['', '-wal', '-shm', '.anchor']

/** A damaged journal is never repaired or replaced by itself: what it held is other people's money. */
export function journalSentence(dataFolder: string, { cause, detail }: JournalFault): string {
  const words = `The charger's journal in ${dataFolder} cannot be used (${cause}): ${detail}`
  return cause === 'damaged'
    ? `${words}\nIt is left as it is. See \`outpost-kiosk doctor\` for what to do.`
    : words
}

/** Moves the files into a folder of their own, where somebody may still read what can be read. Gives that folder. */
export function putJournalAside(dataFolder: string, now: Date): string {
  const aside = join(dataFolder, `damaged-${now.toISOString().replace(/[:.]/g, '-')}`)
  mkdirSync(aside, { mode: 0o700 })
  for (const end of companions) {
    const name = `journal.db${end}`
    if (existsSync(join(dataFolder, name))) renameSync(join(dataFolder, name), join(aside, name))
  }
  // The next journal makes secrets of its own and would destroy what this one is read with.
  const keys = keysFolder(dataFolder)
  for (const name of existsSync(keys) ? readdirSync(keys).filter(isVaultFile) : [])
    renameSync(join(keys, name), join(aside, name))
  return aside
}
