import { beforeAll, describe, expect, test } from 'vitest'
import { addSeconds } from '@/lib/core/units'
import { runningPolicyFinding, storedPolicyFinding } from '@/charger-kiosk/cli/policy-findings'
import type { Knowledge } from '@/charger-kiosk/controller/knowledge'
import { issuedPolicy } from '@/tests/fixtures/kiosk-world'
import { storyTimeS } from '@/tests/fixtures/messages'

const dayS = 86_400
let held: Pick<Knowledge, 'policy' | 'nextPolicy'>
beforeAll(async () => {
  held = {
    policy: await issuedPolicy({ notAfterS: addSeconds(storyTimeS, 10 * dayS) }),
    nextPolicy: undefined,
  }
})

describe('of a stopped controller', () => {
  test.each([
    [5, 'ok', /^7, for 5 days more/],
    [11, 'warn', /ran out; it goes on for 29 days/],
    [41, 'fail', /nothing is sold/],
  ] as const)('%i days later: %s', (days, state, found) => {
    const finding = storedPolicyFinding(held, addSeconds(storyTimeS, days * dayS))
    expect(finding).toMatchObject({ check: 'policy', state, found: expect.stringMatching(found) as string })
  })
})

test.each([
  ['in force', 'ok'],
  ['overdue', 'warn'],
  ['none', 'fail'],
  ['policy 8, policy.rule-broken: Rule a: …', 'warn'],
])('of a running one that says %s: %s', (said, state) => {
  expect(runningPolicyFinding(said)).toMatchObject({ check: 'policy', state })
})
