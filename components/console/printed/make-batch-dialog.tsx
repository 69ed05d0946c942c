/** Makes a batch: how many cards of how much, where and for how long, and what that sets aside now. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Choice } from '@/components/ui/choice'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { useFormat } from '@/lib/format/use-format'
import type { Progress } from '../progress'
import { RefusalNotice } from '../refusal-notice'
import { scaleOf } from '../tokens/rule-draft'
import type { BatchOrder, BatchTerms } from './printed-view'
import { SiteChoice } from './site-choice'

export interface MakeBatchDialogProps {
  readonly currency: string
  /** Null until they are read. */
  readonly terms: BatchTerms | null
  readonly progress: Progress
  onMake(order: BatchOrder): void
  onClose(): void
}

/** Whole currency units; the last is the most that a card may hold. */
const caps = [5, 10, 15] as const
const dayChoices = [30, 90, 365] as const
const usualCountMost = 200

export function MakeBatchDialog({ currency, terms, progress, onMake, onClose }: MakeBatchDialogProps) {
  const t = useTranslations('consolePrinted.makeDialog')
  const common = useTranslations('common')
  const format = useFormat()
  const scale = scaleOf(currency)
  const [name, setName] = useState('')
  const [typedCount, setTypedCount] = useState('10')
  const [capMinor, setCapMinor] = useState(caps[1] * scale)
  const [days, setDays] = useState<number>(dayChoices[1])
  const [sites, setSites] = useState<readonly string[]>([])
  const waiting = progress.kind === 'waiting'
  const countMost = terms?.countMost ?? usualCountMost
  const count = /^\d{1,4}$/.test(typedCount.trim()) ? Number(typedCount) : 0
  const isCount = count >= 1 && count <= countMost
  const totalMinor = isCount ? count * capMinor : 0
  const lacksCredit = terms !== null && totalMinor > terms.freeMinor
  const total = format.money(totalMinor, currency)
  const isWhole = isCount && name.trim() !== '' && sites.length > 0
  return (
    <Dialog open form="dialog" title={t('title')} closeLabel={common('close')} onClose={onClose}>
      <form
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          if (isWhole) onMake({ name: name.trim(), count, capMinor, sites, days })
        }}
      >
        <Field
          label={t('name')}
          hint={t('nameHint')}
          value={name}
          maxLength={60}
          required
          disabled={waiting}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
        <Field
          label={t('count')}
          hint={t('countHint', { most: countMost })}
          problem={isCount ? undefined : t('countProblem', { most: countMost })}
          inputMode="numeric"
          value={typedCount}
          maxLength={4}
          required
          disabled={waiting}
          autoComplete="off"
          onChange={(event) => setTypedCount(event.target.value)}
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
        <p className="text-note text-mute">
          {t('promise', { total, count, cap: format.moneyShort(capMinor, currency) })}
        </p>
        {progress.kind === 'failed' ? <RefusalNotice refusal={progress.refusal} /> : null}
        {lacksCredit ? (
          <p role="status" className="font-bold text-bad">
            {t('lacksCredit', { free: format.money(terms.freeMinor, currency) })}
          </p>
        ) : null}
        <Button kind="primary" type="submit" wide busy={waiting} disabled={!isWhole || lacksCredit}>
          {t('make', { total })}
        </Button>
      </form>
    </Dialog>
  )
}
