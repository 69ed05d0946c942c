/** Lets a token go on: longer, with more credit, and by its newest rules at once where that is wanted. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Choice } from '@/components/ui/choice'
import { Dialog } from '@/components/ui/dialog'
import { Toggle } from '@/components/ui/toggle'
import { useFormat } from '@/lib/format/use-format'
import type { Progress } from '../progress'
import { RefusalNotice } from '../refusal-notice'
import { dayChoices } from './issue-token-dialog'
import { scaleOf } from './rule-draft'
import type { RenewalOrder, Token, TokenTerms } from './tokens-view'

export interface RenewTokenDialogProps {
  readonly token: Token
  readonly currency: string
  readonly terms: TokenTerms | null
  readonly nowS: number
  readonly progress: Progress
  onRenew(tokenId: string, order: RenewalOrder): void
  onClose(): void
}

/** Whole currency units. */
const additions = [0, 50, 100, 200] as const
const dayS = 86_400

export function RenewTokenDialog(props: RenewTokenDialogProps) {
  const { token, currency, terms, nowS, progress, onRenew, onClose } = props
  const t = useTranslations('consoleTokens.renew')
  const issue = useTranslations('console.issue')
  const common = useTranslations('common')
  const format = useFormat()
  const [days, setDays] = useState<number>(dayChoices[2])
  const [addMinor, setAddMinor] = useState(0)
  const [atOnce, setAtOnce] = useState(token.rulesWait)
  const waiting = progress.kind === 'waiting'
  const lacksCredit = terms !== null && addMinor > terms.freeMinor
  const untilS = Math.max(token.expiresAtS, nowS + days * dayS)
  return (
    <Dialog
      open
      form="dialog"
      title={t('title', { name: token.driverName })}
      closeLabel={common('close')}
      onClose={onClose}
    >
      <form
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          onRenew(token.tokenId, { days, addMinor, atOnce: atOnce && token.state === 'live' })
        }}
      >
        <Choice
          legend={t('days')}
          disabled={waiting}
          value={days}
          onChange={(choice: number) => setDays(choice)}
          options={dayChoices.map((choice) => ({
            value: choice,
            label: issue('dayCount', { count: choice }),
          }))}
        />
        <Choice
          legend={t('add')}
          layout="grid"
          disabled={waiting}
          value={addMinor}
          onChange={(choice: number) => setAddMinor(choice)}
          options={additions.map((addition) => ({
            value: addition * scaleOf(currency),
            label: addition === 0 ? t('nothing') : format.moneyShort(addition * scaleOf(currency), currency),
          }))}
        />
        {token.state === 'live' ? (
          <Toggle label={t('atOnce')} note={t('atOnceNote')} checked={atOnce} onChange={setAtOnce} />
        ) : null}
        <p className="text-note text-mute">{t('promise', { until: format.moment(untilS, nowS) })}</p>
        {progress.kind === 'failed' ? <RefusalNotice refusal={progress.refusal} /> : null}
        {lacksCredit ? (
          <p role="status" className="font-bold text-bad">
            {issue('lacksCredit', { free: format.money(terms.freeMinor, currency) })}
          </p>
        ) : null}
        <Button kind="primary" type="submit" wide busy={waiting} disabled={lacksCredit}>
          {t('act')}
        </Button>
      </form>
    </Dialog>
  )
}
