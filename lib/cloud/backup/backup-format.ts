/**
 * A backup as lines: a head, then for each table its name and its rows as JSON, then an end that counts them. Lines of ours
 * begin with `#`, rows with `{`. It is compressed and sealed by age (age-encryption.org) to a recipient whose key is elsewhere,
 * so that the machine that makes backups cannot read them, and the standard tools can.
 */

import { z } from 'zod'

export const backupFormat = 'outpost-backup/1'

export const backupHead = z.strictObject({
  format: z.literal(backupFormat),
  tenant: z.string().min(1),
  /** Null: the tenant named none. */
  region: z.string().nullable(),
  madeAtS: z.int(),
  /** Steps of the schema that the rows belong to. */
  migrations: z.array(z.string()),
})
export type BackupHead = z.output<typeof backupHead>

export const backupTable = z.strictObject({ table: z.string().regex(/^[a-z_]+$/) })
export const backupEnd = z.strictObject({ rows: z.record(z.string(), z.int()) })

/** Its message is one plain sentence for whoever runs the program. */
export class BackupFailure extends Error {
  override readonly name = 'BackupFailure'
}
