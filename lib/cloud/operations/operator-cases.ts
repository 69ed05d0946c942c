/** Cases: what evidence does not agree about, who looks at it, and how it ends. */

import { z } from 'zod'
import { caseStates, remedies, verdicts } from '../cases/case-machine'
import { caseKinds } from '../cases/case-kinds'
import { caseReasons, noteCharsMax } from '../cases/case-reasons'
import { reviewSteps } from '../cases/commands'
import { operation } from './operation'

const amountMost = 100_000_000_00
const money = z.int().describe('Minor units of the operator’s currency.')
const timeS = z.int().describe('Seconds since 1970, UTC.')
const caseId = z.string().regex(/^[0-9a-f]{32}$/)
const state = z.enum(caseStates)
const facts = z.record(z.string(), z.union([z.string(), z.number()]))

const summary = z.strictObject({
  caseId,
  kind: z.string(),
  code: z.string().describe('A code of docs/protocol/reason-codes.md by its name.'),
  state,
  verdict: z.string().nullable(),
  takenBy: z.string().nullable().describe('Who has it, or who decided it: the name where that is known.'),
  isMine: z.boolean(),
  round: z.int(),
  sessionId: z.string().nullable(),
  serial: z.string().nullable(),
  chargerId: z.string().nullable(),
  openedAtS: timeS,
  updatedAtS: timeS,
  disputedMinor: money.nullable().describe('Pending until a verdict; null when it is about no session.'),
})

export const listOperatorCases = operation({
  id: 'listOperatorCases',
  method: 'GET',
  path: '/operator/cases',
  act: 'decision.read',
  overFleets: true,
  summary: 'Cases, the oldest first, a page at a time.',
  query: z.strictObject({
    state: state.optional().describe('Absent: all that nobody has decided.'),
    kind: z.enum(caseKinds as [string, ...string[]]).optional(),
    after: z.string().max(60).optional().describe('`next` of the page before.'),
  }),
  answer: z.strictObject({
    cases: z.array(summary).readonly(),
    next: z.string().nullable(),
    undecided: z.int().describe('All that nobody has decided.'),
    currency: z.string(),
    asOfS: timeS,
  }),
})

export const readCase = operation({
  id: 'readCase',
  method: 'GET',
  path: '/operator/cases/{caseId}',
  act: 'decision.read',
  overFleets: true,
  summary: 'One case: what it is about, its money, history and evidence, and what you may do next.',
  params: z.strictObject({ caseId }),
  answer: z.strictObject({
    summary,
    facts: facts.readonly(),
    history: z
      .array(
        z.strictObject({
          seq: z.int(),
          step: z.string(),
          author: z.string().describe('The name where that is known; else who it is called.'),
          reason: z.string(),
          note: z.string().nullable(),
          facts: facts.readonly(),
          atS: timeS,
        }),
      )
      .readonly(),
    evidence: z
      .array(z.strictObject({ label: z.string(), hash: z.string(), bytes: z.int() }))
      .readonly()
      .describe('Signed pieces, by what they are.'),
    money: z
      .strictObject({
        ...{ payer: z.string().nullable(), holdMinor: money, postedMinor: money, disputedMinor: money },
        ...{ upheldMinor: money, refundedMinor: money },
      })
      .nullable(),
    steps: z.array(z.string()).readonly().describe('What you may do with it now.'),
    currency: z.string(),
    asOfS: timeS,
  }),
})

export const readCaseEvidence = operation({
  id: 'readCaseEvidence',
  method: 'GET',
  path: '/operator/cases/{caseId}/evidence',
  act: 'decision.read',
  overFleets: true,
  summary: 'The signed bytes of a case, to be verified by whoever wants to know.',
  params: z.strictObject({ caseId }),
  answer: z.strictObject({
    pieces: z.array(z.strictObject({ label: z.string(), hash: z.string(), bytes: z.base64url() })).readonly(),
  }),
})

const grounds = {
  reason: z.enum(caseReasons).describe('Kept for ever, so in fixed words.'),
  note: z.string().trim().max(noteCharsMax).optional().describe('For colleagues; about no person.'),
}
const done = z.strictObject({
  caseId,
  state: z.string(),
  transfers: z
    .array(z.strictObject({ kind: z.string(), debit: z.string(), credit: z.string(), amountMinor: money }))
    .readonly()
    .describe('What moved, in the order of the books.'),
  isRepeat: z.boolean().describe('You had done the same before; nothing moved now.'),
})

export const reviewOperatorCase = operation({
  id: 'reviewOperatorCase',
  method: 'POST',
  path: '/operator/cases/{caseId}/review',
  act: 'decision.decide',
  overFleets: true,
  summary: 'Takes a case up or over, hands it back, or waits for evidence. Moves no money.',
  params: z.strictObject({ caseId }),
  body: z.strictObject({ step: z.enum(reviewSteps), ...grounds }),
  answer: done,
})

export const decideOperatorCase = operation({
  id: 'decideOperatorCase',
  method: 'POST',
  path: '/operator/cases/{caseId}/decide',
  act: 'decision.decide',
  overFleets: true,
  summary: 'A verdict, once and for good: uphold posts what is pending, dismiss lets it go.',
  params: z.strictObject({ caseId }),
  body: z.strictObject({ verdict: z.enum(verdicts), ...grounds }),
  answer: done,
})

export const remedyOperatorCase = operation({
  id: 'remedyOperatorCase',
  method: 'POST',
  path: '/operator/cases/{caseId}/remedy',
  act: 'decision.refund',
  overFleets: true,
  summary: 'Gives money within a case that you have, each kind once.',
  params: z.strictObject({ caseId }),
  body: z.strictObject({
    ...{ remedy: z.enum(remedies), amountMinor: z.int().min(1).max(amountMost) },
    ...grounds,
  }),
  answer: done,
})
