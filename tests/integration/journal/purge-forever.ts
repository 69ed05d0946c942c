/** A process that appends, has everything acknowledged and purges most of it, over and over, until somebody kills it. */

import { randomBytes } from 'node:crypto'
import { writeSync } from 'node:fs'
import { toBytes, toHex, utf8 } from '@/lib/core/bytes'
import { deviceId } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import { nodeSigner } from '@/lib/crypto/node'
import { openJournal } from '@/lib/journal/open-journal'
import { testVault } from './test-vault'
import { signMessage } from '@/lib/protocol/message'
import { acknowledgement } from '@/lib/protocol/messages/acknowledgement'

const [path = '', encryptionKey = '', device = ''] = process.argv.slice(2)
const random = { bytes: (length: number) => toBytes(randomBytes(length)) }
const journal = expectOk(
  openJournal({ path, encryptionKey, vault: testVault(path), device: deviceId(device), random }),
  'open',
)
const issuer = nodeSigner(new Uint8Array(32).fill(7))
/** Events that stay, so that there is something to prove. */
const keptCount = 3

for (;;) {
  const count = 2 + (journal.size % 5)
  const events = Array.from({ length: count }, (_, index) => ({
    kind: 'numbered',
    payload: utf8(`event ${journal.size + index}`),
  }))
  expectOk(journal.append(events), 'append')
  const held = {
    device: journal.device,
    epoch: journal.epoch,
    size: journal.size,
    root: toHex(journal.root),
    timeS: epochSeconds(1_700_000_000),
  }
  expectOk(journal.acknowledge(await signMessage(acknowledgement, held, issuer)), 'acknowledge')
  const purged = expectOk(journal.purge(Math.max(0, journal.size - keptCount)), 'purge')
  writeSync(1, `${journal.size} ${purged}\n`)
}
