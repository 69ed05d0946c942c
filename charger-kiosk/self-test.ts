/**
 * What a charger tries at every start before it sells anything: that each key signs what verifies, that the journal
 * gives back what it was given, and that the clock is not older than the program.
 */

import { toHex, utf8 } from '@/lib/core/bytes'
import type { Random } from '@/lib/core/clock'
import type { EpochSeconds } from '@/lib/core/units'
import type { Signer, Verify } from '@/lib/crypto/signature'
import type { Journal } from '@/lib/journal/journal'
import type { KioskTable } from './session/records'

export interface SelfTestResult {
  readonly keys: 'ok' | 'failed'
  readonly journal: 'ok' | 'failed'
  readonly clock: 'ok' | 'behind'
  /** One line for the log and the journal. */
  readonly detail: string
  readonly passed: boolean
}

export interface SelfTestParts {
  readonly signers: readonly Signer[]
  readonly verify: Verify
  readonly journal: Pick<Journal<KioskTable>, 'append' | 'get'>
  readonly random: Random
  readonly nowS: EpochSeconds
  /** No clock can be right before it. */
  readonly buildTimeS: EpochSeconds
}

const rowKey = 'self-test'

/** Never rejects. */
export async function selfTest(parts: SelfTestParts): Promise<SelfTestResult> {
  const keys = await keysFault(parts)
  const journal = journalFaultOf(parts)
  const clock = parts.nowS < parts.buildTimeS ? 'behind' : 'ok'
  const faults = [
    ...(keys === undefined ? [] : [`keys: ${keys}`]),
    ...(journal === undefined ? [] : [`journal: ${journal}`]),
    ...(clock === 'ok' ? [] : ['clock: older than the program']),
  ]
  return {
    keys: keys === undefined ? 'ok' : 'failed',
    journal: journal === undefined ? 'ok' : 'failed',
    clock,
    detail: faults.length === 0 ? 'keys, journal and clock are well' : faults.join('; '),
    passed: faults.length === 0,
  }
}

async function keysFault({ signers, verify, random }: SelfTestParts): Promise<string | undefined> {
  for (const signer of signers) {
    // Fresh, so that an answer from memory cannot pass.
    const message = utf8(`outpost self-test ${toHex(random.bytes(16))}`)
    try {
      if (!verify(signer.publicKey, message, await signer.sign(message))) {
        return `the signature of ${signer.publicKey.slice(0, 8)} does not verify`
      }
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }
  return undefined
}

function journalFaultOf({ journal, random }: SelfTestParts): string | undefined {
  const value = random.bytes(16)
  const written = journal.append([], [{ table: 'meta', key: rowKey, value }])
  if (!written.ok) return `${written.error.cause}, ${written.error.detail}`
  const read = journal.get('meta', rowKey)
  if (!read.ok) return `${read.error.cause}, ${read.error.detail}`
  return read.value !== undefined && toHex(read.value) === toHex(value)
    ? undefined
    : 'gives back something else'
}
