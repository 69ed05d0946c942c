/** Gives out a card for readers: whose, which number, how much, where and for how long, and what that sets aside now. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Choice } from '@/components/ui/choice'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { useFormat } from '@/lib/format/use-format'
import { SiteChoice } from '../printed/site-choice'
import type { Progress } from '../progress'
import { RefusalNotice } from '../refusal-notice'
import { scaleOf } from '../tokens/rule-draft'
import {
  cardTypes,
  isNumberOf,
  writtenNumber,
  type CardOrder,
  type CardTerms,
  type CardType,
} from './cards-view'

export interface GiveOutCardDialogProps {
  readonly currency: string
  /** Null until they are read. */
  readonly terms: CardTerms | null
  readonly progress: Progress
  onGiveOut(order: CardOrder): void
  onClose(): void
}

/** Whole currency units; the last is the most that a card may hold. */
const caps = [5, 10, 15] as const
const dayChoices = [30, 90, 365] as const

export function GiveOutCardDialog({ currency, terms, progress, onGiveOut, onClose }: GiveOutCardDialogProps) {
  const t = useTranslations('consoleCards.giveOut')
  const common = useTranslations('common')
  const format = useFormat()
  const scale = scaleOf(currency)
  const [label, setLabel] = useState('')
  const [type, setType] = useState<CardType>('ISO14443')
  const [typed, setTyped] = useState('')
  const [capMinor, setCapMinor] = useState(caps[1] * scale)
  const [days, setDays] = useState<number>(dayChoices[1])
  const [sites, setSites] = useState<readonly string[]>([])
  const waiting = progress.kind === 'waiting'
  const isNumber = isNumberOf(type, typed)
  const lacksCredit = terms !== null && capMinor > terms.freeMinor
  const isWhole = isNumber && label.trim() !== '' && sites.length > 0
  return (
    <Dialog open form="dialog" title={t('title')} closeLabel={common('close')} onClose={onClose}>
      <form
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          if (isWhole)
            onGiveOut({ label: label.trim(), type, token: writtenNumber(typed), capMinor, sites, days })
        }}
      >
        <Field
          label={t('label')}
          hint={t('labelHint')}
          value={label}
          maxLength={60}
          required
          disabled={waiting}
          autoComplete="off"
          onChange={(event) => setLabel(event.target.value)}
        />
        <Choice
          legend={t('type')}
          layout="column"
          disabled={waiting}
          value={type}
          onChange={(choice: CardType) => setType(choice)}
          options={cardTypes.map((value) => ({ value, label: t(`types.${value}`) }))}
        />
        <Field
          label={t(type === 'eMAID' ? 'contract' : 'number')}
          hint={t(`numberHint.${type}`)}
          problem={typed.trim() === '' || isNumber ? undefined : t(`numberProblem.${type}`)}
          value={typed}
          maxLength={40}
          required
          disabled={waiting}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Choice
          legend={t('cap')}
          layout="grid"
          disabled={waiting}
          value={capMinor}
          onChange={(choice: number) => setCapMinor(choice)}
          options={caps.map((cap) => ({
            value: cap * scale,
            label: format.moneyShort(cap * scale, currency),
          }))}
        />
        <Choice
          legend={t('days')}
          layout="grid"
          disabled={waiting}
          value={days}
          onChange={(choice: number) => setDays(choice)}
          options={dayChoices.map((choice) => ({ value: choice, label: t('dayCount', { count: choice }) }))}
        />
        <SiteChoice all={terms?.sites ?? []} chosen={sites} disabled={waiting} onChange={setSites} />
        <p className="text-note text-mute">{t('promise', { cap: format.money(capMinor, currency) })}</p>
        {progress.kind === 'failed' ? <RefusalNotice refusal={progress.refusal} /> : null}
        {lacksCredit ? (
          <p role="status" className="font-bold text-bad">
            {t('lacksCredit', { free: format.money(terms.freeMinor, currency) })}
          </p>
        ) : null}
        <Button kind="primary" type="submit" wide busy={waiting} disabled={!isWhole || lacksCredit}>
          {t('submit', { cap: format.money(capMinor, currency) })}
        </Button>
      </form>
    </Dialog>
  )
}
