/** Sets credit aside for one driver, then shows the link by which the driver's phone takes it. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Choice } from '@/components/ui/choice'
import { Dialog } from '@/components/ui/dialog'
import { QrCode } from '@/components/ui/qr-code'
import { SearchChoice } from '@/components/ui/search-choice'
import { useFormat } from '@/lib/format/use-format'
import type { Progress } from '../progress'
import { RefusalNotice } from '../refusal-notice'
import { holderNamed } from './holder-field'
import { rulesOfDraft, scaleOf, usualDraft, type RuleDraft } from './rule-draft'
import { RuleFields } from './rule-fields'
import type { Holder, HolderKind, Holders, TokenOrder, TokenTerms } from './tokens-view'

export interface IssueTokenDialogProps {
  readonly currency: string
  readonly terms: TokenTerms | null
  readonly holders: Holders
  /** Whom the row was about that led here. */
  readonly driver: Holder | null
  readonly vehicle: Holder | null
  readonly progress: Progress
  onFind(kind: HolderKind, text: string): void
  onIssue(order: TokenOrder): void
  onClose(): void
}

/** Whole currency units. */
const caps = [50, 100, 200, 400] as const
export const dayChoices = [7, 14, 30, 45] as const

export function IssueTokenDialog(props: IssueTokenDialogProps) {
  const { currency, terms, holders, progress, onFind, onIssue, onClose } = props
  const t = useTranslations('console.issue')
  const common = useTranslations('common')
  const format = useFormat()
  const scale = scaleOf(currency)
  const [driverName, setDriverName] = useState(props.driver?.label ?? '')
  const [capMinor, setCapMinor] = useState(caps[1] * scale)
  const [days, setDays] = useState<number>(dayChoices[2])
  const [draft, setDraft] = useState<RuleDraft>(() => ({
    ...usualDraft,
    ...{ driver: props.driver, vehicle: props.vehicle },
    vehicleClass: String(props.vehicle?.vehicleClass ?? 0),
  }))
  const waiting = progress.kind === 'waiting'
  const lacksCredit = terms !== null && capMinor > terms.freeMinor
  const rules = rulesOfDraft(draft, currency)
  return (
    <Dialog open form="dialog" title={t('title')} closeLabel={common('close')} onClose={onClose}>
      <form
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          if (rules !== undefined) onIssue({ ...rules, driverName: driverName.trim(), capMinor, days })
        }}
      >
        <DriverName
          driver={draft.driver}
          name={driverName}
          found={holders.drivers}
          disabled={waiting}
          onName={(name, driver) => {
            setDriverName(name)
            setDraft({ ...draft, driver })
          }}
          onFind={onFind}
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
          disabled={waiting}
          value={days}
          onChange={(choice: number) => setDays(choice)}
          options={dayChoices.map((choice) => ({ value: choice, label: t('dayCount', { count: choice }) }))}
        />
        <RuleFields
          draft={draft}
          currency={currency}
          sites={terms?.sites ?? []}
          disabled={waiting}
          holders={holders}
          onFind={onFind}
          onDraft={(change) => setDraft({ ...draft, ...change })}
        />
        <p className="text-note text-mute">
          {t('promise', {
            cap: format.moneyShort(capMinor, currency),
            session: format.moneyShort(Math.min(capMinor, rules?.sessionCapMinor ?? capMinor), currency),
          })}
        </p>
        {progress.kind === 'failed' ? <RefusalNotice refusal={progress.refusal} /> : null}
        {lacksCredit ? (
          <p role="status" className="font-bold text-bad">
            {t('lacksCredit', { free: format.money(terms.freeMinor, currency) })}
          </p>
        ) : null}
        <Button
          kind="primary"
          type="submit"
          wide
          busy={waiting}
          disabled={driverName.trim() === '' || lacksCredit || rules === undefined}
        >
          {t('issue')}
        </Button>
      </form>
    </Dialog>
  )
}

interface DriverNameProps {
  readonly driver: Holder | null
  readonly name: string
  readonly found: Holders['drivers']
  readonly disabled: boolean
  /** A name that is not chosen from the list stands for nobody on it. */
  onName(name: string, driver: Holder | null): void
  onFind(kind: HolderKind, text: string): void
}

/** Any name will do; one of the fleet's list lets its months be told together. */
function DriverName({ driver, name, found, disabled, onName, onFind }: DriverNameProps) {
  const t = useTranslations('console.issue')
  const holder = useTranslations('consoleTokens.holder')
  return (
    <SearchChoice
      label={t('driver')}
      hint={driver === null ? t('driverHint') : holder('onList', { note: driver.note ?? 'none' })}
      text={name}
      options={found}
      required
      disabled={disabled}
      maxLength={60}
      found={(count) => holder('found', { count })}
      onText={(text) => {
        // Looking again at a name that is chosen changes nothing.
        if (text !== name) onName(text, null)
        onFind('drivers', text)
      }}
      onChoose={({ id, label }) => onName(label, found?.find((one) => one.id === id) ?? null)}
      onLeave={() => {
        const meant = driver === null ? holderNamed(found, name) : undefined
        if (meant !== undefined) onName(meant.label, meant)
      }}
    />
  )
}

export interface IssuedTokenDialogProps {
  readonly driverName: string
  readonly claimUrl: string
  readonly claimCode: string
  onCopy(text: string): void
  onClose(): void
}

export function IssuedTokenDialog({
  driverName,
  claimUrl,
  claimCode,
  onCopy,
  onClose,
}: IssuedTokenDialogProps) {
  const t = useTranslations('console.issued')
  const common = useTranslations('common')
  const [copied, setCopied] = useState(false)
  return (
    <Dialog
      open
      form="dialog"
      title={t('title', { name: driverName })}
      closeLabel={common('close')}
      onClose={onClose}
    >
      <div className="flex flex-col gap-5">
        <p>{t('lead')}</p>
        <QrCode text={claimUrl} label={t('qr', { name: driverName })} className="mx-auto w-full max-w-72" />
        <p className="text-center text-title font-bold tracking-[0.04em] tabular">{claimCode}</p>
        <p className="text-note break-all text-mute">{claimUrl}</p>
        <p className="text-note text-mute">{t('once')}</p>
        <Button
          kind="secondary"
          wide
          onClick={() => {
            onCopy(claimUrl)
            setCopied(true)
          }}
        >
          {common(copied ? 'copied' : 'copy')}
        </Button>
        <Button kind="primary" wide onClick={onClose}>
          {common('done')}
        </Button>
      </div>
    </Dialog>
  )
}
