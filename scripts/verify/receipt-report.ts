/** A receipt's proof, checked by the same code as in the app and on the verify page, in the same words. */

import { createTranslator } from 'use-intl/core'
import { reasons, type ReasonCode } from '@/lib/core/reason-codes'
import { verifyWithNode } from '@/lib/crypto/node'
import { formatEnergyExact } from '@/lib/format/energy'
import { en } from '@/lib/format/messages/en'
import { formatMoney, formatPercent } from '@/lib/format/money'
import { formatDuration, formatTimestamp } from '@/lib/format/time'
import {
  checkReceiptProof,
  openReceiptProof,
  type ProofReport,
  type ReceiptProof,
} from '@/lib/policy/receipt-proof'
import { receiptFromShared } from '@/lib/policy/receipt-text'
import type { KnownOperator } from './known-operators'
import { unreadable, type CheckLine, type PrintedReport } from './printed-report'

const t = createTranslator({ locale: 'en', messages: en, namespace: 'verify' })
const receiptWords = createTranslator({ locale: 'en', messages: en, namespace: 'receipt' })
const codeOf = (code: ReasonCode): string => `${reasons[code].code} (${code})`

export function reportReceipt(shared: string, operators: readonly KnownOperator[]): PrintedReport {
  const envelope = receiptFromShared(shared)
  if (!envelope.ok) return unreadable(`${t('unreadable.title')}: ${codeOf(envelope.error)}`)
  const proof = openReceiptProof(envelope.value)
  if (!proof.ok) return unreadable(`${t('unreadable.title')}: ${codeOf(proof.error)}`)
  const { operator, report } = bestReport(proof.value, operators)
  return {
    facts: factLines(proof.value),
    checks: checkLines(proof.value, report),
    appendix: [],
    verdict: verdictText(proof.value, report, operator?.isSample ?? false),
    isGood: report.verdict.kind === 'genuine',
  }
}

interface Judged {
  readonly operator: KnownOperator | undefined
  readonly report: ProofReport
}

/** The first operator that vouches; else what can be said without one. */
function bestReport(proof: ReceiptProof, operators: readonly KnownOperator[]): Judged {
  for (const operator of operators) {
    const report = checkReceiptProof(proof, operator.trustList, verifyWithNode)
    if (report.checks.some(({ name, outcome }) => name === 'issuer' && outcome === 'passed')) {
      return { operator, report }
    }
  }
  return { operator: undefined, report: checkReceiptProof(proof, null, verifyWithNode) }
}

function factLines({ receipt, certificate, offer }: ReceiptProof): readonly string[] {
  const { payload: billed } = receipt
  const { siteLabel, bayLabel, chargerId, operator } = certificate.payload
  const money = (amountMinor: number): string => formatMoney('en', amountMinor, billed.currency)
  const { energyMinor, timeMinor, sessionMinor, idleMinor } = billed.lines
  const lines = [
    [receiptWords('line.energy'), energyMinor],
    [receiptWords('line.time'), timeMinor],
    [receiptWords('line.session'), sessionMinor],
    [receiptWords('line.idle'), idleMinor],
  ] as const
  const energyWh = Math.max(0, billed.meterStopWh - billed.meterStartWh)
  const tax = receiptWords('tax', { percent: formatPercent('en', offer.payload.tariff.taxBasisPoints) })
  return [
    `${siteLabel} · ${bayLabel} · ${chargerId} · ${operator}`,
    `${formatEnergyExact('en', energyWh)} · ${formatDuration('en', billed.chargingS + billed.idleS)} · ` +
      formatTimestamp('en', billed.startS, 'UTC') +
      ' UTC',
    ...lines.filter(([, amount]) => amount > 0).map(([name, amount]) => `${name}: ${money(amount)}`),
    `${receiptWords('total')}: ${money(billed.totalMinor)} (${tax}: ${money(billed.taxMinor)})`,
  ]
}

function checkLines(proof: ReceiptProof, { checks, recomputedMinor }: ProofReport): readonly CheckLine[] {
  const { currency } = proof.receipt.payload
  const values = {
    hold: formatMoney('en', proof.authorization.payload.holdMinor, currency),
    amount: recomputedMinor === null ? '' : formatMoney('en', recomputedMinor, currency),
    operator: proof.certificate.payload.operator,
  }
  return checks.map(({ name, outcome }) => {
    const word = name === 'amount' && recomputedMinor === null ? 'none' : outcome
    // Each check has words for the outcomes that it can have; a test walks them all.
    return { outcome, text: receiptWords(`checked.${name}.${word}` as 'checked.hold.passed', values) }
  })
}

function verdictText(
  { certificate }: ReceiptProof,
  { verdict, checks }: ProofReport,
  isSample: boolean,
): string {
  switch (verdict.kind) {
    case 'genuine':
      return isSample
        ? `${t('verdict.sample.title')}. ${t('verdict.sample.note')}`
        : `${t('verdict.genuine.title')}. ${t('verdict.genuine.note', certificate.payload)}`
    case 'issuer-unknown':
      return `${t('verdict.unknown.title')}: ${codeOf('receipt.issuer')}. ${t('verdict.unknown.note')}`
    case 'refused': {
      const failed = checks.find(({ outcome }) => outcome === 'failed')
      const why = failed === undefined ? '' : ` ${t(`fault.${failed.name}`)}`
      return `${t('verdict.refused.title')}: ${codeOf(verdict.code)}.${why}`
    }
  }
}
