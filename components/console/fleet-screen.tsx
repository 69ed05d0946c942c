/** A fleet at a glance: money at risk, tokens, sessions. One page, because a manager compares the three. */

import CreditCard from 'lucide-react/icons/credit-card'
import TicketPlus from 'lucide-react/icons/ticket-plus'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { useFormat } from '@/lib/format/use-format'
import type { FleetActs, FleetView } from './fleet-view'
import { IssuedTokenDialog, IssueTokenDialog } from './issue-token-dialog'
import { MoneyStrip } from './money-strip'
import { RevokeTokenDialog } from './revoke-token-dialog'
import { SectionHead } from './section-head'
import { SessionFilterChoice, SessionTable } from './session-table'
import { TokenTable } from './token-table'
import { PaidElsewhereDialog, TopUpDialog } from './top-up-dialog'

export interface FleetScreenProps {
  readonly view: FleetView
  readonly acts: FleetActs
}

const iconProps = { className: 'size-icon shrink-0', strokeWidth: 1.75, 'aria-hidden': true } as const

export function FleetScreen({ view, acts }: FleetScreenProps) {
  const t = useTranslations('console')
  const format = useFormat()
  const { figures, asOfS, nowS } = view
  const ages = { asOfS, nowS }
  return (
    <>
      <div className="mb-8 flex flex-wrap items-center justify-between gap-4">
        <h1 className="text-title">{figures.name}</h1>
        <div className="flex flex-wrap gap-3">
          <Button icon={<CreditCard {...iconProps} />} onClick={acts.onOpenTopUp}>
            {t('topUp.open')}
          </Button>
          <Button kind="primary" icon={<TicketPlus {...iconProps} />} onClick={acts.onOpenIssue}>
            {t('issue.open')}
          </Button>
        </div>
      </div>
      {view.isStale ? (
        <div className="mb-6">
          <Notice
            tone="offline"
            title={t('stale.title')}
            action={t('stale.action', { when: format.moment(asOfS, nowS) })}
          />
        </div>
      ) : null}
      <section aria-labelledby="money" className="mb-12">
        <SectionHead id="money" title={t('places.money')} {...ages} />
        <MoneyStrip figures={figures} />
      </section>
      <section aria-labelledby="tokens" className="mb-12">
        <SectionHead id="tokens" title={t('places.tokens')} {...ages} />
        <TokenTable
          tokens={view.tokens}
          currency={figures.currency}
          nowS={nowS}
          onRevoke={acts.onOpenRevoke}
        />
      </section>
      <section aria-labelledby="sessions">
        <SectionHead id="sessions" title={t('places.sessions')} {...ages}>
          <SessionFilterChoice value={view.filter} onChange={acts.onFilter} />
        </SectionHead>
        <SessionTable sessions={view.sessions} currency={figures.currency} nowS={nowS} filter={view.filter} />
      </section>
      <FleetDialogs view={view} acts={acts} />
    </>
  )
}

function FleetDialogs({ view, acts }: Pick<FleetScreenProps, 'view' | 'acts'>) {
  const { dialog, figures } = view
  const { currency } = figures
  switch (dialog.kind) {
    case 'none':
      return null
    case 'top-up':
      return (
        <TopUpDialog {...dialog} currency={currency} onTopUp={acts.onTopUp} onClose={acts.onCloseDialog} />
      )
    case 'paid-elsewhere':
      return <PaidElsewhereDialog progress={dialog.progress} onClose={acts.onCloseDialog} />
    case 'issue':
      return (
        <IssueTokenDialog
          progress={dialog.progress}
          currency={currency}
          freeMinor={figures.freeMinor}
          onIssue={acts.onIssue}
          onClose={acts.onCloseDialog}
        />
      )
    case 'issued':
      return <IssuedTokenDialog {...dialog} onCopy={acts.onCopy} onClose={acts.onCloseDialog} />
    case 'revoke':
      return <RevokeTokenDialog {...dialog} onRevoke={acts.onRevoke} onClose={acts.onCloseDialog} />
  }
}
