/** Every step of the schema, in order. */

import { tenants } from './0001-tenants'
import { ledger } from './0002-ledger'
import type { Migration } from './migration'

export type { Migration }

export const migrations: readonly Migration[] = [tenants, ledger]
