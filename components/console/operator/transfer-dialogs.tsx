/** The questions of the page of payments: whose a transfer is, or that it is nobody's. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { DefinitionRows } from '@/components/ui/definition-rows'
import { SearchChoice } from '@/components/ui/search-choice'
import { useFormat } from '@/lib/format/use-format'
import type { Progress } from '../progress'
import { Question } from '../question'
import type { FleetChoice, PaymentsActs, PaymentsView, Transfer } from './payments-view'
import { isTyped, TypedName } from './typed-name'
import { useBankDay } from './use-bank-day'

export interface TransferDialogsProps {
  readonly view: Pick<PaymentsView, 'dialog' | 'found'>
  readonly acts: PaymentsActs
}

export function TransferDialogs({ view: { dialog, found }, acts }: TransferDialogsProps) {
  switch (dialog.kind) {
    case 'none':
      return null
    case 'assign':
      return <Assign {...dialog} found={found} acts={acts} />
    case 'leave':
      return <Leave {...dialog} acts={acts} />
  }
}

interface AskedProps {
  readonly transfer: Transfer
  readonly progress: Progress
  readonly acts: PaymentsActs
}

function What({ transfer }: { readonly transfer: Transfer }) {
  const t = useTranslations('consoleOperator.payments.row')
  const format = useFormat()
  const day = useBankDay()
  const { bookedOn, counterparty, text, amountMinor, currency } = transfer
  return (
    <DefinitionRows
      rows={[
        { name: t('amount'), value: format.money(amountMinor, currency) },
        { name: t('on'), value: day(bookedOn) },
        { name: t('from'), value: counterparty === '' ? t('nameless') : counterparty },
        { name: t('text'), value: text === '' ? t('textless') : text },
      ]}
    />
  )
}

function Assign({ transfer, found, progress, acts }: AskedProps & Pick<PaymentsView, 'found'>) {
  const t = useTranslations('consoleOperator.payments.assignDialog')
  const format = useFormat()
  const [chosen, setChosen] = useState<FleetChoice | null>(null)
  const [typed, setTyped] = useState('')
  return (
    <Question
      title={t('title')}
      act={t('act')}
      disabled={chosen === null || !isTyped(typed, chosen.name)}
      progress={progress}
      onAct={() => {
        if (chosen !== null) acts.onAssign(transfer.rowKey, chosen.fleetNumber)
      }}
      onClose={acts.onCloseDialog}
    >
      <What transfer={transfer} />
      <FleetField
        found={found}
        chosen={chosen}
        onFind={acts.onFind}
        onChoose={(fleet) => {
          setChosen(fleet)
          setTyped('')
        }}
      />
      {chosen === null ? null : (
        <>
          <p>
            {t('means', { amount: format.money(transfer.amountMinor, transfer.currency), name: chosen.name })}
          </p>
          <TypedName name={chosen.name} typed={typed} onTyped={setTyped} />
        </>
      )}
    </Question>
  )
}

interface FleetFieldProps {
  readonly found: readonly FleetChoice[] | null
  readonly chosen: FleetChoice | null
  onFind(text: string): void
  onChoose(fleet: FleetChoice | null): void
}

/** Left half typed, it is as before. */
function FleetField({ found, chosen, onFind, onChoose }: FleetFieldProps) {
  const t = useTranslations('consoleOperator.payments.assignDialog')
  const [text, setText] = useState('')
  return (
    <SearchChoice
      label={t('fleet')}
      hint={t('fleetHint')}
      text={text}
      options={
        found?.map(({ fleetNumber, name }) => ({
          ...{ id: String(fleetNumber), label: name, note: t('number', { number: fleetNumber }) },
        })) ?? null
      }
      nothing={t('nothing')}
      maxLength={60}
      found={(count) => t('found', { count })}
      onText={(next) => {
        setText(next)
        onFind(next)
      }}
      onChoose={({ id, label }) => {
        setText(label)
        onChoose(found?.find(({ fleetNumber }) => String(fleetNumber) === id) ?? null)
      }}
      onLeave={() => {
        if (text.trim() === '') onChoose(null)
        else setText(chosen?.name ?? '')
      }}
    />
  )
}

function Leave({ transfer, progress, acts }: AskedProps) {
  const t = useTranslations('consoleOperator.payments.leaveDialog')
  return (
    <Question
      title={t('title')}
      act={t('act')}
      progress={progress}
      onAct={() => acts.onAssign(transfer.rowKey, null)}
      onClose={acts.onCloseDialog}
    >
      <What transfer={transfer} />
      <p>{t('lead')}</p>
    </Question>
  )
}
