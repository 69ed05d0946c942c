/** Deleting: this phone's data, or the whole account. Says first what is at stake, and has to be held. */

import { useState, type ReactNode } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { HoldButton } from '@/components/ui/hold-button'
import { Notice } from '@/components/ui/notice'
import type { Refusal } from '@/lib/core/reason'
import { useFormat } from '@/lib/format/use-format'
import { RefusalNotice } from './refusal-notice'
import { SectionHead } from './screen'

export interface DeleteView {
  readonly openCount: number
  readonly held: readonly { readonly currency: string; readonly amountMinor: number }[]
  readonly unreported: number
  readonly receipts: number
  readonly signedIn: boolean
  readonly online: boolean
  readonly balanceMinor: number
  readonly currency: string
  readonly busy: boolean
  readonly refusal: Refusal | null
  /** After the account is gone: what comes back and by which reference it is asked after. */
  readonly closed: {
    readonly reference: string | null
    readonly amountMinor: number
    readonly currency: string
  } | null
}

export interface DeleteProps {
  readonly deletion: DeleteView
  /** The question that stands open at first. */
  readonly asked?: 'here' | 'account'
  onDeleteHere(): void
  onDeleteAccount(): void
}

export function SettingsDelete(props: DeleteProps) {
  const { deletion } = props
  const t = useTranslations('driver.settings.delete')
  const [open, setOpen] = useState<'none' | 'here' | 'account'>(props.asked ?? 'none')
  if (deletion.closed !== null) return <Closed {...props} closed={deletion.closed} />
  return (
    <section className="flex flex-col gap-3 border-t border-line pt-6">
      <SectionHead>{t('title')}</SectionHead>
      {open === 'here' ? (
        <Question title={t('hereTitle')} onCancel={() => setOpen('none')}>
          <Stakes {...props} />
          <p>{t('hereMeans')}</p>
          <HoldButton wide hint={t('hold')} onHeld={props.onDeleteHere}>
            {t('here')}
          </HoldButton>
        </Question>
      ) : (
        <Button kind="destructive" wide onClick={() => setOpen('here')}>
          {t('here')}
        </Button>
      )}
      {deletion.signedIn ? (
        open === 'account' ? (
          <Question title={t('accountTitle')} onCancel={() => setOpen('none')}>
            <Stakes {...props} />
            <AccountMeans {...props} />
          </Question>
        ) : (
          <Button kind="destructive" wide onClick={() => setOpen('account')}>
            {t('account')}
          </Button>
        )
      ) : null}
      {deletion.refusal === null ? null : <RefusalNotice refusal={deletion.refusal} />}
    </section>
  )
}

function Question({
  title,
  onCancel,
  children,
}: {
  readonly title: string
  readonly children: ReactNode
  onCancel(): void
}) {
  const common = useTranslations('common')
  return (
    <div className="arrive flex flex-col gap-3 rounded-card border border-bad p-4">
      <h3 className="font-bold">{title}</h3>
      {children}
      <Button kind="quiet" wide onClick={onCancel}>
        {common('cancel')}
      </Button>
    </div>
  )
}

/** Nothing is said where nothing is at stake. */
function Stakes({ deletion }: DeleteProps) {
  const t = useTranslations('driver.settings.delete')
  const format = useFormat()
  const { openCount, held, unreported, receipts } = deletion
  const amount = held.map(({ currency, amountMinor }) => format.money(amountMinor, currency)).join(' + ')
  return (
    <>
      {openCount === 0 ? null : (
        <Notice tone="bad" title={t('open', { count: openCount, amount })} action={t('openMeans')} />
      )}
      {unreported === 0 ? null : (
        <Notice tone="bad" title={t('unreported', { count: unreported })} action={t('unreportedMeans')} />
      )}
      {receipts === 0 ? null : <p>{t('receipts', { count: receipts })}</p>}
    </>
  )
}

function AccountMeans({ deletion, onDeleteAccount }: DeleteProps) {
  const t = useTranslations('driver.settings.delete')
  const format = useFormat()
  const { online, busy, balanceMinor, currency } = deletion
  return (
    <>
      <p>{t('accountMeans')}</p>
      {balanceMinor > 0 ? (
        <p>{t('accountRefund', { amount: format.money(balanceMinor, currency) })}</p>
      ) : null}
      {online ? (
        busy ? (
          <Button kind="destructive" wide busy>
            {t('account')}
          </Button>
        ) : (
          <HoldButton wide hint={t('holdPasskey')} onHeld={onDeleteAccount}>
            {t('account')}
          </HoldButton>
        )
      ) : (
        <p className="text-mute">{t('accountOffline')}</p>
      )}
    </>
  )
}

function Closed({
  closed,
  onDeleteHere,
}: DeleteProps & { readonly closed: NonNullable<DeleteView['closed']> }) {
  const t = useTranslations('driver.settings.delete')
  const format = useFormat()
  const amount = format.money(closed.amountMinor, closed.currency)
  return (
    <section className="flex flex-col gap-3 border-t border-line pt-6">
      <Notice
        urgent
        tone="good"
        title={t('closed')}
        action={
          closed.reference === null
            ? t('closedEmpty')
            : t('closedRefund', { amount, reference: closed.reference })
        }
      />
      <HoldButton wide hint={t('hold')} onHeld={onDeleteHere}>
        {t('here')}
      </HoldButton>
    </section>
  )
}
