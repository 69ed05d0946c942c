/** Questions about the bill: those that are there with how far they are, and the way to ask one. */

import { useId, useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Choice } from '@/components/ui/choice'
import { useFormat } from '@/lib/format/use-format'
import { RefusalNotice } from '../refusal-notice'
import type { DisputeOrder, EvidenceActs, EvidenceView } from './sessions-view'

const reasons = [
  'wrong-price',
  'no-energy',
  'stopped-early',
  'double-charge',
  'not-mine',
  'other',
] as const satisfies readonly DisputeOrder['reason'][]

/** As the API takes them. */
const noteCharsMax = 500

export interface DisputeSectionProps {
  readonly view: EvidenceView
  readonly acts: Pick<EvidenceActs, 'onAsk' | 'onDispute'>
}

export function DisputeSection({ view, acts }: DisputeSectionProps) {
  const t = useTranslations('consoleSessions.dispute')
  const { cases } = view.evidence
  const isOpen = cases.some(({ kind, state }) => kind === 'dispute' && state !== 'decided')
  const whyNot = view.mayDispute ? (isOpen ? t('isOpen') : null) : t('mayNot')
  return (
    <>
      {cases.length === 0 ? <p className="mb-3 text-mute">{t('none')}</p> : <Cases view={view} />}
      {view.isAsking && whyNot === null ? (
        <Question view={view} acts={acts} />
      ) : (
        <>
          <Button disabled={whyNot !== null} onClick={() => acts.onAsk(true)}>
            {t('open')}
          </Button>
          {whyNot === null ? null : <p className="mt-1 text-note text-mute">{whyNot}</p>}
        </>
      )}
    </>
  )
}

function Cases({ view: { evidence, nowS } }: Pick<DisputeSectionProps, 'view'>) {
  const t = useTranslations('consoleSessions.dispute')
  const format = useFormat()
  return (
    <ul className="mb-4 divide-y divide-line border-y border-line">
      {evidence.cases.map(({ caseId, kind, state, steps }) => (
        <li key={caseId} className="py-3">
          <p className="flex flex-wrap justify-between gap-x-4">
            <span className="font-bold">{t(kind === 'dispute' ? 'byFleet' : 'byEvidence')}</span>
            <span>{t(`state.${state}`)}</span>
          </p>
          <ol className="mt-1 text-note text-mute">
            {steps.map(({ step, atS, amountMinor, note }, index) => (
              <li key={index}>
                {format.moment(atS, nowS)} · {t(`step.${step}` as 'step.opened')}
                {amountMinor === null || amountMinor === 0
                  ? ''
                  : ` · ${format.money(amountMinor, evidence.session.currency)}`}
                {note === null ? null : (
                  <span className="block text-ink [overflow-wrap:anywhere]">“{note}”</span>
                )}
              </li>
            ))}
          </ol>
        </li>
      ))}
    </ul>
  )
}

function Question({ view, acts }: DisputeSectionProps) {
  const t = useTranslations('consoleSessions.dispute')
  const common = useTranslations('common')
  const noteId = useId()
  const [reason, setReason] = useState<DisputeOrder['reason']>('wrong-price')
  const [note, setNote] = useState('')
  return (
    <form
      className="arrive flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        acts.onDispute({ reason, note: note.trim() })
      }}
    >
      <p>{t('lead')}</p>
      <Choice<DisputeOrder['reason']>
        legend={t('reason')}
        layout="column"
        value={reason}
        onChange={setReason}
        options={reasons.map((value) => ({ value, label: t(`reasons.${value}`) }))}
      />
      <div className="flex flex-col gap-2">
        <label htmlFor={noteId} className="font-bold">
          {t('note')}
        </label>
        <textarea
          id={noteId}
          rows={3}
          maxLength={noteCharsMax}
          value={note}
          aria-describedby={`${noteId}-hint`}
          onChange={(event) => setNote(event.target.value)}
          className="w-full rounded-card border border-edge bg-card px-4 py-3"
        />
        <p id={`${noteId}-hint`} className="text-note text-mute">
          {t('noteHint', { count: noteCharsMax })}
        </p>
      </div>
      {view.disputing.kind === 'failed' ? <RefusalNotice refusal={view.disputing.refusal} /> : null}
      <div className="flex flex-wrap gap-3">
        <Button kind="primary" type="submit" busy={view.disputing.kind === 'waiting'}>
          {t('send')}
        </Button>
        <Button kind="quiet" onClick={() => acts.onAsk(false)}>
          {common('cancel')}
        </Button>
      </div>
    </form>
  )
}
