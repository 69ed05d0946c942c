/** Cases as lines for a terminal. */

import type { Refusal } from '@/lib/core/reason'
import { reasons, type ReasonCode } from '@/lib/core/reason-codes'
import type { CaseDetails, CaseSummary } from '@/lib/cloud/cases/queries'
import type { CaseOutcome } from '@/lib/cloud/cases/commands'
import { formatMoney } from '@/lib/format/money'
import { reasonText, type ReasonKey } from '@/lib/format/reason-text'
import { de } from '@/lib/format/messages/de'
import { en } from '@/lib/format/messages/en'

type Language = 'en' | 'de'

const words = { en, de } as const

export function reasonWords(refusal: Refusal, language: Language): string {
  const { title, action } = reasonText(refusal, (key) => lookUp(language, key))
  return `${title} ${action}`
}

function lookUp(language: Language, key: ReasonKey): string {
  let found: unknown = words[language].reasons
  for (const part of key.split('.')) found = (found as Readonly<Record<string, unknown>>)[part]
  return String(found)
}

const isReasonCode = (text: string): text is ReasonCode => Object.hasOwn(reasons, text)

export function caseTable(cases: readonly CaseSummary[]): readonly string[] {
  if (cases.length === 0) return ['No case.']
  const rows = cases.map((item) => [
    item.caseId,
    item.kind,
    item.state === 'decided' ? `decided: ${item.verdict ?? ''}` : item.state,
    item.takenBy ?? '–',
    moment(item.openedAtS),
    money(item.disputedMinor ?? 0, item.currency),
    item.sessionId ?? item.serial ?? item.chargerId ?? '–',
  ])
  const table = [['case', 'kind', 'state', 'with', 'opened', 'pending', 'about'], ...rows]
  const widths = (table[0] ?? []).map((_, index) =>
    Math.max(...table.map((row) => (row[index] ?? '').length)),
  )
  return table.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

export function detailLines(
  { summary, facts, history, evidence, money: amounts }: CaseDetails,
  language: Language,
): readonly string[] {
  const { code, currency } = summary
  const about = [
    ['case', `${summary.caseId}, round ${summary.round}`],
    ['about', `${summary.kind}: ${isReasonCode(code) ? reasonWords({ code }, language) : code}`],
    ['state', [summary.state, summary.verdict, summary.takenBy].filter((part) => part !== null).join(', ')],
    ['session', summary.sessionId ?? '–'],
    ['grant', summary.serial ?? '–'],
    ['charger', summary.chargerId ?? '–'],
    ...Object.entries(facts).map(([name, value]) => [name, String(value)]),
    ...(amounts === null
      ? []
      : [
          ['payer', amounts.owner ?? '–'],
          ['hold', money(amounts.holdMinor, currency)],
          ['posted', money(amounts.postedMinor, currency)],
          ['pending', money(amounts.disputedMinor, currency)],
          ['upheld', money(amounts.upheldMinor, currency)],
          ['refunded', money(amounts.refundedMinor, currency)],
        ]),
  ]
  return [
    ...about.map(([name = '', value = '']) => `${name.padEnd(13)} ${value}`),
    '',
    ...history.map(
      ({ seq, step, to, author, reason, note, facts: what, atS }) =>
        `${String(seq).padStart(3)}  ${moment(atS)}  ${step} → ${to}  ${author}  ${reason}${factList(what)}${note === null ? '' : `  “${note}”`}`,
    ),
    '',
    ...evidence.map(
      ({ label, hash, bytes }) => `${label.padEnd(13)} ${String(bytes).padStart(6)} B  ${hash}`,
    ),
  ]
}

export function movedLines({ caseId, state, transfers, isRepeat }: CaseOutcome): readonly string[] {
  if (isRepeat) return [`${caseId} is ${state}; this had been done before, and nothing moved again.`]
  const moved = transfers.map(
    ({ kind, debit, credit, amountMinor }) => `  ${kind}: ${amountMinor} from ${debit} to ${credit}`,
  )
  return [`${caseId} is ${state}.`, ...moved]
}

const factList = (facts: Readonly<Record<string, string | number>>): string =>
  Object.entries(facts)
    .map(([name, value]) => `  ${name} ${value}`)
    .join('')

const moment = (atS: number): string => new Date(atS * 1000).toISOString().slice(0, 16).replace('T', ' ')

const money = (amountMinor: number, currency: string | null): string =>
  currency === null ? '–' : formatMoney('en', amountMinor, currency)
