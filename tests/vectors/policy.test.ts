/**
 * The policy with all that it may say: `policy.json` is what a second implementation must produce and accept, and every
 * part of it that is out of its bounds is refused by the codec and by the CDDL alike. Rewritten with
 * `UPDATE_VECTORS=1 npx vitest run --project fast tests/vectors`.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { toHex } from '@/lib/core/bytes'
import { minorUnits, seconds } from '@/lib/core/units'
import { parseMessage, signMessage, type MessageType } from '@/lib/protocol/message'
import { policy, type Policy } from '@/lib/protocol/messages/policy'
import { issuerSigner, tellStory } from '../fixtures/messages'
import { timedPolicy } from '../fixtures/timed-policy'
import { matchesBytes, parseCddl } from './cddl'

const file = new URL('./policy.json', import.meta.url)
const schema = parseCddl(readFileSync(new URL('../../docs/protocol/outpost.cddl', import.meta.url), 'utf8'))
/** Writes whatever it is told. */
const unchecked = policy as MessageType<unknown>

test('a policy of prices by the hour, classes and rules gives the published bytes', async () => {
  const signed = await signMessage(policy, timedPolicy, issuerSigner)
  const vector = {
    signer: issuerSigner.publicKey,
    payload: JSON.parse(JSON.stringify(timedPolicy)) as unknown,
    hash: signed.hash,
    bytes: toHex(signed.bytes),
  }
  if (process.env['UPDATE_VECTORS'] === '1') writeFileSync(file, `${JSON.stringify(vector, null, 1)}\n`)
  expect(vector).toEqual(JSON.parse(readFileSync(file, 'utf8')))
  expect(parseMessage(policy, signed.bytes)).toMatchObject({ ok: true, value: { payload: timedPolicy } })
  expect(matchesBytes(schema, 'policy', signed.bytes)).toBe(true)
})

test('a policy without them is the same bytes as ever', async () => {
  const { payload, bytes } = (await tellStory()).policy
  expect(toHex((await signMessage(policy, payload, issuerSigner)).bytes)).toBe(toHex(bytes))
})

const [period] = timedPolicy.periods ?? []
const [powerClass] = timedPolicy.classes ?? []
const [rule] = timedPolicy.rules ?? []
const { localTime } = timedPolicy
if (period === undefined || powerClass === undefined || rule === undefined || localTime === undefined)
  throw new Error('The fixture says all that a policy may say')

const wrong: readonly (readonly [string, object])[] = [
  ['no clock change', { localTime: { ...localTime, changes: [] } }],
  ['an offset beyond 14 hours', { localTime: { ...localTime, changes: [{ fromS: 0, offsetMinutes: 841 }] } }],
  ['a zone with a blank', { localTime: { ...localTime, zone: 'Europe Berlin' } }],
  ['no period', { periods: [] }],
  ['17 periods', { periods: Array.from({ length: 17 }, () => period) }],
  ['a period on no day', { periods: [{ ...period, weekdays: 0 }] }],
  ['a period on an eighth day', { periods: [{ ...period, weekdays: 128 }] }],
  ['a period from 24:00', { periods: [{ ...period, fromMinute: 1_440 }] }],
  ['a period to 0:00', { periods: [{ ...period, toMinute: 0 }] }],
  ['a negative rate', { periods: [{ ...period, energyPerKwh: -1 }] }],
  ['class 16', { classes: [{ ...powerClass, vehicleClass: 16 }] }],
  ['a class without weight', { classes: [{ ...powerClass, weight: 0 }] }],
  ['a rule without a name', { rules: [{ ...rule, name: '' }] }],
  ['a rule of 301 characters', { rules: [{ ...rule, when: '1'.repeat(301) }] }],
  ['a rule in Cyrillic', { rules: [{ ...rule, when: 'сlock' }] }],
  ['a decline without words', { rules: [{ ...rule, decline: [] }] }],
  ['a negative hold', { rules: [{ ...rule, holdMaxMinor: -1 }] }],
  ['a ninth switch', { switches: 256 }],
]

test.each(wrong)('%s is refused', async (_name, change) => {
  const { bytes } = await signMessage(unchecked, { ...timedPolicy, ...change }, issuerSigner)
  expect(parseMessage(policy, bytes)).toMatchObject({ ok: false, error: { kind: 'wrong-shape' } })
  expect(matchesBytes(schema, 'policy', bytes)).toBe(false)
})

test('the longest rule still leaves room for the rest of a message', async () => {
  const longest: Policy = {
    ...timedPolicy,
    rules: Array.from({ length: 8 }, (_, index) => ({
      name: `rule-${index}`,
      when: 'x'.repeat(300),
      holdMaxMinor: minorUnits(1),
      durationMaxS: seconds(1),
    })),
  }
  const { bytes } = await signMessage(policy, longest, issuerSigner)
  expect(parseMessage(policy, bytes).ok).toBe(true)
})
