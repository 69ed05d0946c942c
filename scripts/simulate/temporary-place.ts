/** A place for one run: a PostgreSQL server of its own and a folder for journals, both gone afterwards. */

import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedDatabase } from '@/lib/cloud/database/embedded'
import { migrateDatabase } from '@/lib/cloud/database/migrate'

export interface TemporaryPlace {
  readonly databaseUrl: string
  /** Empty. */
  readonly folder: string
  remove(): Promise<void>
}

export async function openTemporaryPlace(): Promise<TemporaryPlace> {
  const root = mkdtempSync(join(tmpdir(), 'outpost-simulate-'))
  // Started by root, the server runs as another user, who has to get to its data.
  chmodSync(root, 0o711)
  const folder = join(root, 'journals')
  mkdirSync(folder, { mode: 0o700 })
  const removeFiles = (): void => rmSync(root, { recursive: true, force: true })
  try {
    const server = await startEmbeddedDatabase({ dir: join(root, 'postgres') })
    const remove = async (): Promise<void> => {
      await server.stop()
      removeFiles()
    }
    try {
      await migrateDatabase(server.url)
    } catch (error) {
      await remove()
      throw error
    }
    return { databaseUrl: server.url, folder, remove }
  } catch (error) {
    removeFiles()
    throw error
  }
}
