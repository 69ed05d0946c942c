/** What `npm run cases` is told. Every mistake gets one plain sentence. */

import { parseArgs } from 'node:util'
import { err, ok, type Result } from '@/lib/core/result'
import { caseKinds, isCaseKind } from '@/lib/cloud/cases/case-kinds'
import { caseStates, type CaseState } from '@/lib/cloud/cases/case-machine'
import {
  caseReasons,
  isCaseReason,
  isStaffId,
  noteCharsMax,
  type CaseReason,
} from '@/lib/cloud/cases/case-reasons'
import { decisionKinds, type CaseDecision, type ReviewStep } from '@/lib/cloud/cases/commands'
import type { CaseFilter } from '@/lib/cloud/cases/queries'

export const usage = `npm run cases -- <command> [options]
  list                        cases, oldest first; without --state those that nobody has decided
      --state ${caseStates.join(' | ')}
      --kind KIND  --session ID  --serial ID  --charger ID  --owner ACCOUNT  --taken-by STAFF
      --size 50  --after CURSOR
  show CASE                   what is known, its money, its history, its evidence
      --evidence-to FOLDER    writes the signed pieces there
  take-up | take-over | hand-back | ask-for-evidence CASE
      --author STAFF  [--reason REASON]  [--note TEXT]
  decide CASE uphold | dismiss | refund | goodwill | write-off
      --author STAFF  --reason REASON  [--amount 3.20]  [--note TEXT]
      refund, goodwill and write-off need --amount; uphold and dismiss end the case
  any of them: --json  --lang en | de  --tenant NAME  --database-url URL
  REASON: ${caseReasons.join(', ')}`

export interface CommonOptions {
  readonly json: boolean
  readonly language: 'en' | 'de'
  readonly tenant: string | undefined
  readonly databaseUrl: string | undefined
}

interface Acting {
  readonly caseId: string
  readonly author: string
  readonly reason: CaseReason
  readonly note?: string
}

export type CaseCommand =
  | {
      readonly kind: 'list'
      readonly filter: CaseFilter
      readonly size: number
      readonly after: string | undefined
    }
  | { readonly kind: 'show'; readonly caseId: string; readonly evidenceTo: string | undefined }
  | { readonly kind: 'review'; readonly step: ReviewStep; readonly act: Acting }
  | {
      readonly kind: 'decide'
      readonly decision: CaseDecision['kind']
      /** As typed, in whole units with a point; read once the currency is known. */
      readonly amount: string | undefined
      readonly act: Acting
    }

export interface CaseOptions extends CommonOptions {
  readonly command: CaseCommand
}

const flags = {
  state: { type: 'string', multiple: true },
  kind: { type: 'string', multiple: true },
  session: { type: 'string' },
  serial: { type: 'string' },
  charger: { type: 'string' },
  owner: { type: 'string' },
  'taken-by': { type: 'string' },
  size: { type: 'string', default: '50' },
  after: { type: 'string' },
  'evidence-to': { type: 'string' },
  author: { type: 'string' },
  reason: { type: 'string' },
  note: { type: 'string' },
  amount: { type: 'string' },
  json: { type: 'boolean', default: false },
  lang: { type: 'string', default: 'en' },
  tenant: { type: 'string' },
  'database-url': { type: 'string' },
} as const

type Values = ReturnType<typeof parse>['values']
const parse = (args: readonly string[]) =>
  parseArgs({ args: [...args], options: flags, allowPositionals: true })

export function readOptions(args: readonly string[]): Result<CaseOptions, string> {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(args)
  } catch (error) {
    return err(error instanceof Error ? error.message : 'These options cannot be read.')
  }
  const { values, positionals } = parsed
  if (values.lang !== 'en' && values.lang !== 'de') return err('--lang is "en" or "de".')
  const command = readCommand(positionals, values)
  if (!command.ok) return command
  return ok({
    command: command.value,
    json: values.json,
    language: values.lang,
    tenant: values.tenant,
    databaseUrl: values['database-url'],
  })
}

const reviewSteps: readonly ReviewStep[] = ['take-up', 'take-over', 'hand-back', 'ask-for-evidence']

function readCommand(
  [name, caseId, decision, ...rest]: readonly string[],
  values: Values,
): Result<CaseCommand, string> {
  if (name === 'list' && caseId === undefined) return readList(values)
  if (caseId === undefined || rest.length > 0) return err('Say a command and, where it needs one, a case.')
  if (!/^[0-9a-f]{32}$/.test(caseId)) return err('A case goes by 32 hexadecimal digits; "list" shows them.')
  if (name === 'show' && decision === undefined)
    return ok({ kind: 'show', caseId, evidenceTo: values['evidence-to'] })
  const step = reviewSteps.find((known) => known === name)
  if (step !== undefined && decision === undefined) {
    const fallback = step === 'ask-for-evidence' ? 'more-evidence-needed' : 'other'
    const act = readAct(caseId, values, fallback)
    return act.ok ? ok({ kind: 'review', step, act: act.value }) : act
  }
  const known = decisionKinds.find((kind) => kind === decision)
  if (name !== 'decide' || known === undefined) return err('There is no such command or decision.')
  const act = readAct(caseId, values, undefined)
  if (!act.ok) return act
  const isMoney = known !== 'uphold' && known !== 'dismiss'
  if (isMoney !== (values.amount !== undefined))
    return err(isMoney ? `"${known}" needs --amount.` : `"${known}" takes no --amount.`)
  return ok({ kind: 'decide', decision: known, amount: values.amount, act: act.value })
}

function readAct(caseId: string, values: Values, fallback: CaseReason | undefined): Result<Acting, string> {
  const { author = '', note } = values
  if (!isStaffId(author)) return err('--author is your staff id: lower case letters, digits and dashes.')
  const reason = values.reason ?? fallback ?? ''
  if (!isCaseReason(reason)) return err(`--reason is one of ${caseReasons.join(', ')}.`)
  if (note !== undefined && note.length > noteCharsMax)
    return err(`--note is at most ${noteCharsMax} characters.`)
  return ok({ caseId, author, reason, ...(note === undefined ? {} : { note }) })
}

function readList(values: Values): Result<CaseCommand, string> {
  const states = values.state ?? []
  const kinds = values.kind ?? []
  const isState = (text: string): text is CaseState => caseStates.some((state) => state === text)
  if (!states.every(isState)) return err(`--state is one of ${caseStates.join(', ')}.`)
  if (!kinds.every(isCaseKind)) return err(`--kind is one of ${caseKinds.join(', ')}.`)
  const size = /^\d{1,3}$/.test(values.size) ? Number(values.size) : 0
  if (size < 1 || size > 200) return err('--size is a number from 1 to 200.')
  const filter: CaseFilter = {
    ...(states.length === 0 ? {} : { states: states.filter(isState) }),
    ...(kinds.length === 0 ? {} : { kinds }),
    ...(values.session === undefined ? {} : { sessionId: values.session }),
    ...(values.serial === undefined ? {} : { serial: values.serial }),
    ...(values.charger === undefined ? {} : { chargerId: values.charger }),
    ...(values.owner === undefined ? {} : { owner: values.owner }),
    ...(values['taken-by'] === undefined ? {} : { takenBy: values['taken-by'] }),
  }
  return ok({ kind: 'list', filter, size, after: values.after })
}

/** Whole units with a point, as people type them, into minor units. Undefined for anything else. */
export function readAmount(text: string, decimals: number): number | undefined {
  const match = /^(\d{1,9})(?:\.(\d{1,4}))?$/.exec(text)
  if (match === null) return undefined
  const [, whole = '', part = ''] = match
  if (part.length > decimals) return undefined
  return Number(whole) * 10 ** decimals + Number(part.padEnd(decimals, '0') || '0')
}
