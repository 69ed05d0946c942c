/** One step of a case: why, for how much, and what it does. Nothing is chosen before, so that nobody decides by a slip. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Field } from '@/components/ui/field'
import { SelectField } from '@/components/ui/select-field'
import { minorUnitExponent } from '@/lib/core/currency'
import { useFormat } from '@/lib/format/use-format'
import { readTypedAmount } from '../../credit/typed-amount'
import type { Progress } from '../../progress'
import { Question } from '../../question'
import { useCaseWords } from './case-words'
import { caseReasons, isRemedy, type Case, type CaseActs, type CaseReason, type CaseStep } from './cases-view'

export interface CaseQuestionProps {
  readonly found: Case
  readonly step: CaseStep
  readonly progress: Progress
  readonly acts: CaseActs
}

/** Of the operation, too. */
const noteMax = 500

export function CaseQuestion({ found, step, progress, acts }: CaseQuestionProps) {
  const t = useTranslations('consoleOperator.cases.question')
  const format = useFormat()
  const wordOf = useCaseWords()
  const { currency } = found
  const [reason, setReason] = useState<CaseReason | ''>('')
  const [note, setNote] = useState('')
  const [text, setText] = useState('')
  const amountMinor = readTypedAmount(text, minorUnitExponent(currency) ?? 2)
  const lacksAmount = isRemedy(step) && typeof amountMinor !== 'number'
  const pending = format.money(found.money?.disputedMinor ?? 0, currency)
  return (
    <Question
      title={wordOf('steps', step)}
      act={wordOf('steps', step)}
      kind={step === 'uphold' || step === 'dismiss' || isRemedy(step) ? 'destructive' : 'primary'}
      disabled={reason === '' || lacksAmount}
      progress={progress}
      onAct={() => {
        if (reason === '') return
        acts.onStep({
          step,
          reason,
          note: note.trim(),
          amountMinor: isRemedy(step) ? (amountMinor ?? null) : null,
        })
      }}
      onClose={acts.onClose}
    >
      <p>{t(`means.${step}`, { pending })}</p>
      {isRemedy(step) ? (
        <Field
          label={t('amount')}
          hint={t('amountHint', { currency })}
          problem={amountMinor === undefined ? t('amountProblem') : undefined}
          inputMode="decimal"
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      ) : null}
      <SelectField
        label={t('reason')}
        value={reason}
        options={[
          { value: '', label: t('choose') },
          ...caseReasons.map((value) => ({ value, label: wordOf('reasons', value) })),
        ]}
        onChange={(chosen) => setReason(caseReasons.find((one) => one === chosen) ?? '')}
      />
      <Field
        label={t('note')}
        hint={t('noteHint')}
        maxLength={noteMax}
        autoComplete="off"
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
    </Question>
  )
}
