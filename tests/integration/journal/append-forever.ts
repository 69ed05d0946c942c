/** A process that appends numbered events and reports each size once it is durable, until somebody kills it. */

import { writeSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { toBytes, utf8 } from '@/lib/core/bytes'
import { deviceId } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { openJournal } from '@/lib/journal/open-journal'
import { testVault } from './test-vault'

const [path = '', encryptionKey = '', device = ''] = process.argv.slice(2)
const random = { bytes: (length: number) => toBytes(randomBytes(length)) }
const journal = expectOk(
  openJournal({ path, encryptionKey, vault: testVault(path), device: deviceId(device), random }),
  'open',
)

for (;;) {
  const count = 1 + (journal.size % 3)
  const events = Array.from({ length: count }, (_, index) => ({
    kind: 'numbered',
    payload: utf8(`event ${journal.size + index}`),
  }))
  const size = journal.size + count
  const appended = expectOk(
    journal.append(events, [{ table: 'state', key: 'size', value: utf8(String(size)) }]),
    'append',
  )
  writeSync(1, `${appended.size}\n`)
}
