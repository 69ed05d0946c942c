/** A fleet's credit on one page: what is free first, then how more comes in, when to warn, and what the months held. */

import CreditCard from 'lucide-react/icons/credit-card'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Figure } from '@/components/ui/figure'
import { Notice } from '@/components/ui/notice'
import { useFormat } from '@/lib/format/use-format'
import { SectionHead } from '../section-head'
import { PaidElsewhereDialog, TopUpDialog } from '../top-up-dialog'
import { AlertForm } from './alert-form'
import { BankTransfer } from './bank-transfer'
import type { Credit, CreditActs, CreditView } from './credit-view'
import { Invoices } from './invoices'
import { MonthStatement } from './month-statement'

export interface CreditScreenProps {
  readonly view: CreditView
  readonly acts: CreditActs
}

export function CreditScreen({ view, acts }: CreditScreenProps) {
  const t = useTranslations('consoleCredit')
  const { credit, asOfS, nowS, mayTopUp } = view
  const ages = { asOfS, nowS }
  return (
    <>
      <div className="mb-8 flex flex-wrap items-center justify-between gap-4">
        <h1 className="text-title">{t('title')}</h1>
        <TopUp mayTopUp={mayTopUp} onOpen={acts.onOpenTopUp} />
      </div>
      <Warnings view={view} />
      <section aria-labelledby="balance" className="mb-12">
        <SectionHead id="balance" title={t('balance.title')} {...ages} />
        <Balance credit={credit} />
      </section>
      <div className="mb-12 grid gap-12 lg:grid-cols-2">
        <section aria-labelledby="bank">
          <SectionHead id="bank" title={t('bank.title')} {...ages} />
          <BankTransfer bank={credit.bank} owes={credit.owedMinor > 0 || credit.drawnMinor > 0} />
        </section>
        <section aria-labelledby="alert">
          <SectionHead id="alert" title={t('alert.title')} {...ages} />
          <AlertForm
            key={credit.alertBelowMinor ?? 'off'}
            belowMinor={credit.alertBelowMinor}
            currency={credit.currency}
            mayChange={mayTopUp}
            progress={view.alertProgress}
            onAlert={acts.onAlert}
          />
        </section>
      </div>
      <MonthStatement view={view} onMonth={acts.onMonth} />
      <Invoices view={view.invoices} acts={acts.invoices} {...ages} />
      <CreditDialogs view={view} acts={acts} />
    </>
  )
}

function TopUp({ mayTopUp, onOpen }: { readonly mayTopUp: boolean; onOpen(): void }) {
  const t = useTranslations('consoleCredit')
  const console = useTranslations('console')
  return (
    <div className="flex flex-col items-end gap-1">
      <Button
        kind="primary"
        icon={<CreditCard className="size-icon shrink-0" strokeWidth={1.75} aria-hidden="true" />}
        disabled={!mayTopUp}
        onClick={onOpen}
      >
        {console('topUp.open')}
      </Button>
      {mayTopUp ? null : <p className="text-note text-mute">{t('mayNotTopUp')}</p>}
    </div>
  )
}

function Warnings({ view: { credit, isStale, asOfS, nowS } }: Pick<CreditScreenProps, 'view'>) {
  const t = useTranslations('consoleCredit.low')
  const frozen = useTranslations('consoleCredit.frozen')
  const console = useTranslations('console')
  const format = useFormat()
  const money = (amountMinor: number): string => format.money(amountMinor, credit.currency)
  return (
    <div className="flex flex-col gap-4 not-empty:mb-6">
      {isStale ? (
        <Notice
          tone="offline"
          title={console('stale.title')}
          action={console('stale.action', { when: format.moment(asOfS, nowS) })}
        />
      ) : null}
      {credit.frozen === null ? null : (
        <Notice
          tone="bad"
          title={frozen('title', { when: format.moment(credit.frozen.atS, nowS) })}
          action={frozen('action', { because: credit.frozen.because })}
        />
      )}
      {credit.isLow && credit.alertBelowMinor !== null ? (
        <Notice
          tone="bad"
          title={t('title', { free: money(credit.freeMinor) })}
          action={t('action', { below: money(credit.alertBelowMinor) })}
        />
      ) : null}
      {credit.owedMinor > 0 ? (
        <Notice
          tone="bad"
          title={console('money.owed', { amount: money(credit.owedMinor) })}
          action={console('money.owedAction')}
        />
      ) : null}
    </div>
  )
}

function Balance({ credit }: { readonly credit: Credit }) {
  const t = useTranslations('consoleCredit.balance')
  const format = useFormat()
  const money = (amountMinor: number): string => format.money(amountMinor, credit.currency)
  const lineLeftMinor = Math.max(0, credit.limitMinor - credit.drawnMinor)
  return (
    <div className="grid gap-x-10 gap-y-6 border-y border-line py-6 md:grid-cols-[2fr_1fr_1fr]">
      <Figure
        label={t('free')}
        value={money(credit.freeMinor)}
        note={
          <p className="text-body text-mute">
            {credit.limitMinor === 0
              ? t('freeNote')
              : t('freeWithLine', {
                  own: money(Math.min(credit.ownMinor, credit.freeMinor)),
                  line: money(Math.max(0, credit.freeMinor - credit.ownMinor)),
                })}
          </p>
        }
      />
      <SmallFigure
        name={t('reserved')}
        value={money(credit.reservedMinor)}
        note={t('reservedNote', { held: money(credit.heldMinor) })}
      />
      {credit.limitMinor === 0 && credit.drawnMinor === 0 ? (
        <SmallFigure name={t('line')} value={t('noLine')} note={t('noLineNote')} />
      ) : (
        <SmallFigure
          name={t('line')}
          value={money(credit.limitMinor)}
          note={
            credit.drawnMinor > credit.limitMinor
              ? t('lineLowered', { drawn: money(credit.drawnMinor) })
              : t('lineNote', { drawn: money(credit.drawnMinor), left: money(lineLeftMinor) })
          }
        />
      )}
    </div>
  )
}

function SmallFigure(figure: { readonly name: string; readonly value: string; readonly note: string }) {
  return (
    <div className="md:border-l md:border-line md:pl-6">
      <p className="text-mute">{figure.name}</p>
      <p className="text-title font-bold tabular">{figure.value}</p>
      <p className="text-note text-mute">{figure.note}</p>
    </div>
  )
}

function CreditDialogs({ view: { dialog, credit }, acts }: CreditScreenProps) {
  switch (dialog.kind) {
    case 'none':
      return null
    case 'top-up':
      return (
        <TopUpDialog
          {...dialog}
          currency={credit.currency}
          onTopUp={acts.onTopUp}
          onClose={acts.onCloseDialog}
        />
      )
    case 'paid-elsewhere':
      return <PaidElsewhereDialog progress={dialog.progress} onClose={acts.onCloseDialog} />
  }
}
