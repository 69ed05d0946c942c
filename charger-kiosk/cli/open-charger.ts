/** Opens keys and journal of a charger whose controller does not run, for commands that need them. */

import { deviceId } from '@/lib/core/ids'
import { verifyWithNode } from '@/lib/crypto/node'
import type { Journal } from '@/lib/journal/journal'
import { openJournal } from '@/lib/journal/open-journal'
import type { KioskConfig } from '../config'
import { loadKnowledge, type Knowledge, type Self } from '../controller/knowledge'
import { journalPath, journalSentence } from '../journal-place'
import type { DeviceKeys } from '../keys/device-keys'
import { openKeys } from '../keys/open-keys'
import type { KioskTable } from '../session/records'
import { systemRandom } from '../system'
import { Failure } from './usage'

export interface OpenCharger {
  readonly keys: DeviceKeys
  readonly journal: Journal<KioskTable>
  readonly self: Self
  /** Undefined until it is enrolled. */
  readonly knowledge: Knowledge | undefined
}

/** The caller closes the journal. */
export function openCharger(config: KioskConfig): OpenCharger {
  const keys = openKeys(config.keys, config.dataFolder)
  if (!keys.ok) throw new Failure(keys.error.sentence)
  const journal = openJournal<KioskTable>({
    path: journalPath(config.dataFolder),
    encryptionKey: keys.value.journalKey,
    vault: keys.value.segments,
    device: deviceId(config.chargerId),
    random: systemRandom,
  })
  if (!journal.ok) throw new Failure(journalSentence(config.dataFolder, journal.error))
  const { signer, nextSigners } = keys.value
  const otherKeys = nextSigners.map(({ publicKey }) => publicKey)
  const self: Self = { chargerId: config.chargerId, key: signer.publicKey, otherKeys }
  const knowledge = loadKnowledge(journal.value, self, verifyWithNode)
  if (!knowledge.ok) {
    journal.value.close()
    throw new Failure(journalSentence(config.dataFolder, knowledge.error))
  }
  return { keys: keys.value, journal: journal.value, self, knowledge: knowledge.value }
}
