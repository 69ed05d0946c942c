/**
 * Doctor's questions to the charger itself: keys, journal, certificate, policy. While the controller runs it is asked instead,
 * because a second process at the journal would make it stop.
 */

import { existsSync } from 'node:fs'
import { deviceId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { verifyWithNode } from '@/lib/crypto/node'
import type { Journal } from '@/lib/journal/journal'
import { openJournal } from '@/lib/journal/open-journal'
import type { KioskConfig } from '../config'
import { loadKnowledge, type Knowledge } from '../controller/knowledge'
import { journalPath } from '../journal-place'
import type { DeviceKeys } from '../keys/device-keys'
import { keysFolder, openKeys } from '../keys/open-keys'
import type { KioskTable } from '../session/records'
import { systemClock, systemRandom } from '../system'
import { broken, doubtful, well, type Finding } from './finding'
import { fingerprint } from './fingerprint'
import { stoppedForwardFindings } from './forward-checks'
import { runningPolicyFinding, storedPolicyFinding } from './policy-findings'

const daysS = 86_400

export function runningFindings(health: Readonly<Record<string, unknown>>): readonly Finding[] {
  const say = (name: string): string => String(health[name] ?? 'unknown')
  const closed = say('closedFor')
  return [
    say('keys') === 'ok'
      ? well('keys', 'the running controller signs')
      : broken('keys', say('keys'), 'Put the token back; the charger opens by itself.'),
    say('selfTest') === 'passed'
      ? well('journal', 'the running controller writes and reads it')
      : broken('journal', say('selfTest'), 'Stop the controller and ask doctor again.'),
    say('status') === 'unpaired'
      ? broken('certificate', 'the controller waits for its enrolment', 'outpost-kiosk enrol CODE')
      : closed === 'none'
        ? well('certificate', 'the charger sells')
        : doubtful(
            'certificate',
            `the charger sells nothing: ${closed}`,
            'docs/kiosk.md says what each reason means.',
          ),
    ...(say('status') === 'unpaired' ? [] : [runningPolicyFinding(say('policy'))]),
  ]
}

export async function stoppedFindings(config: KioskConfig): Promise<readonly Finding[]> {
  // Looking must not make anything: a key that doctor made would hide that the right one is missing.
  if (!existsSync(keysFolder(config.dataFolder))) {
    return [broken('keys', `there are none in ${config.dataFolder}`, 'outpost-kiosk init')]
  }
  const keys = openKeys(config.keys, config.dataFolder)
  if (!keys.ok) return [broken('keys', keys.error.sentence, 'The sentence says it; docs/kiosk.md has more.')]
  const signing = await signingFinding(keys.value)
  if (!existsSync(journalPath(config.dataFolder))) {
    return [signing, doubtful('journal', 'there is none yet', 'outpost-kiosk enrol CODE makes it.')]
  }
  const forwarding = stoppedForwardFindings(config, keys.value.journalKey)
  return [signing, ...journalFindings(config, keys.value), ...forwarding]
}

async function signingFinding({ signer, nextSigners }: DeviceKeys): Promise<Finding> {
  const message = systemRandom.bytes(16)
  for (const one of [signer, ...nextSigners]) {
    const signature = await one.sign(message).catch(() => undefined)
    if (signature === undefined || !verifyWithNode(one.publicKey, message, signature)) {
      return broken(
        'keys',
        `${fingerprint(one.publicKey)} does not sign`,
        'See the key ceremony in docs/kiosk.md.',
      )
    }
  }
  return well('keys', [signer, ...nextSigners].map(({ publicKey }) => fingerprint(publicKey)).join(', '))
}

function journalFindings(config: KioskConfig, keys: DeviceKeys): readonly Finding[] {
  const opened = openJournal<KioskTable>({
    path: journalPath(config.dataFolder),
    encryptionKey: keys.journalKey,
    vault: keys.segments,
    device: deviceId(config.chargerId),
    random: systemRandom,
  })
  if (!opened.ok) {
    const { cause, detail } = opened.error
    const advice =
      cause === 'damaged'
        ? 'Copy the data folder, tell the operator how many events may be lost, then outpost-kiosk doctor --put-journal-aside and enrol afresh.'
        : 'The keys must be those that made it: put back the keys folder from your backup.'
    return [broken('journal', `${cause}: ${detail}`, advice)]
  }
  const journal = opened.value
  try {
    return [headFinding(journal), ...enrolmentFindings(config, keys, journal)]
  } finally {
    journal.close()
  }
}

/** Each event that is read is checked against its leaf of the tree. */
function headFinding(journal: Journal<KioskTable>): Finding {
  const { size, acknowledgedSize, purgedSize } = journal
  for (let from = purgedSize; from < size; from += limits.bundleEventsMax) {
    const read = journal.read(from, Math.min(size, from + limits.bundleEventsMax))
    if (!read.ok) {
      return broken(
        'journal',
        `${read.error.cause}: ${read.error.detail}`,
        'Copy the data folder and tell the operator.',
      )
    }
  }
  return well(
    'journal',
    `${size} events, ${size - acknowledgedSize} not yet acknowledged, every one as it was written`,
  )
}

function enrolmentFindings(
  config: KioskConfig,
  keys: DeviceKeys,
  journal: Journal<KioskTable>,
): readonly Finding[] {
  const otherKeys = keys.nextSigners.map(({ publicKey }) => publicKey)
  const self = { chargerId: config.chargerId, key: keys.signer.publicKey, otherKeys }
  const known = loadKnowledge(journal, self, verifyWithNode)
  if (!known.ok) return [broken('certificate', known.error.detail, 'See journal.')]
  if (known.value === undefined) {
    return [broken('certificate', `${config.chargerId} is not enrolled`, 'outpost-kiosk enrol CODE')]
  }
  return [certificateFinding(known.value), storedPolicyFinding(known.value, systemClock.nowS())]
}

function certificateFinding({ certificate, renewed }: Knowledge): Finding {
  const { notAfterS, siteLabel, bayLabel } = (renewed ?? certificate).payload
  const days = Math.floor((notAfterS - systemClock.nowS()) / daysS)
  const found = `${siteLabel}, ${bayLabel}, for ${days} days more`
  if (days < 0)
    return broken('certificate', found, 'It renews itself when the cloud answers: give it a network.')
  return days < 14
    ? doubtful('certificate', found, 'It renews itself when the cloud answers: give it a network.')
    : well('certificate', found)
}
