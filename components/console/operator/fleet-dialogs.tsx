/** The questions of the page of fleets. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Field } from '@/components/ui/field'
import { minorUnitExponent } from '@/lib/core/currency'
import { useFormat } from '@/lib/format/use-format'
import { readTypedAmount, typedAmount } from '../credit/typed-amount'
import type { Progress } from '../progress'
import { Question } from '../question'
import type { Fleet, FleetsActs, FleetsView } from './fleets-view'
import { isTyped, TypedName } from './typed-name'

export interface FleetDialogsProps {
  readonly view: Pick<FleetsView, 'dialog' | 'currency'>
  readonly acts: FleetsActs
}

export function FleetDialogs({ view: { dialog, currency }, acts }: FleetDialogsProps) {
  switch (dialog.kind) {
    case 'none':
      return null
    case 'line':
      return <CreditLine {...dialog} currency={currency} acts={acts} />
    case 'freeze':
      return <Freeze {...dialog} acts={acts} />
    case 'thaw':
      return <Thaw {...dialog} acts={acts} />
  }
}

interface AskedProps {
  readonly fleet: Fleet
  readonly progress: Progress
  readonly acts: FleetsActs
}

function CreditLine({ fleet, progress, currency, acts }: AskedProps & { readonly currency: string }) {
  const t = useTranslations('consoleOperator.fleets.lineDialog')
  const format = useFormat()
  const exponent = minorUnitExponent(currency) ?? 2
  const { name, limitMinor, drawnMinor } = fleet
  const [text, setText] = useState(limitMinor === 0 ? '' : typedAmount(limitMinor, exponent))
  const [typed, setTyped] = useState('')
  const read = readTypedAmount(text, exponent)
  // Nothing typed is no line.
  const wanted = read === null ? 0 : read
  const money = (amountMinor: number): string => format.money(amountMinor, currency)
  return (
    <Question
      title={t('title', { name })}
      act={t('act')}
      disabled={wanted === undefined || wanted === limitMinor || !isTyped(typed, name)}
      progress={progress}
      onAct={() => {
        if (wanted !== undefined) acts.onLine(fleet.fleetId, wanted)
      }}
      onClose={acts.onCloseDialog}
    >
      <p>{t('lead')}</p>
      <p className="font-bold tabular">
        {limitMinor === 0 ? t('none') : t('now', { limit: money(limitMinor), drawn: money(drawnMinor) })}
      </p>
      <Field
        label={t('amount')}
        hint={t('hint', { currency })}
        problem={wanted === undefined ? t('problem') : undefined}
        inputMode="decimal"
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {wanted !== undefined && wanted < drawnMinor ? <p>{t('below', { drawn: money(drawnMinor) })}</p> : null}
      <TypedName name={name} typed={typed} onTyped={setTyped} />
    </Question>
  )
}

/** Of the operation, too. */
const reasonMax = 200

function Freeze({ fleet, progress, acts }: AskedProps) {
  const t = useTranslations('consoleOperator.fleets.freezeDialog')
  const [because, setBecause] = useState('')
  const [typed, setTyped] = useState('')
  return (
    <Question
      title={t('title', { name: fleet.name })}
      act={t('act')}
      kind="destructive"
      disabled={because.trim() === '' || !isTyped(typed, fleet.name)}
      progress={progress}
      onAct={() => acts.onFreeze(fleet.fleetId, because.trim())}
      onClose={acts.onCloseDialog}
    >
      <p>{t('lead')}</p>
      <p>{t('stays')}</p>
      <Field
        label={t('because')}
        hint={t('becauseHint')}
        maxLength={reasonMax}
        autoComplete="off"
        value={because}
        onChange={(event) => setBecause(event.target.value)}
      />
      <TypedName name={fleet.name} typed={typed} onTyped={setTyped} />
    </Question>
  )
}

function Thaw({ fleet, progress, acts }: AskedProps) {
  const t = useTranslations('consoleOperator.fleets.thawDialog')
  return (
    <Question
      title={t('title', { name: fleet.name })}
      act={t('act')}
      progress={progress}
      onAct={() => acts.onThaw(fleet.fleetId)}
      onClose={acts.onCloseDialog}
    >
      <p>{t('lead')}</p>
      {fleet.frozenBecause === null ? null : (
        <p className="text-mute">{t('was', { because: fleet.frozenBecause })}</p>
      )}
    </Question>
  )
}
