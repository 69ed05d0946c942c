/** Cards for chargers' own readers: the ones given out, the way to a new one, and who knows of them. */

import Nfc from 'lucide-react/icons/nfc'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { StaleNotice } from '../printed/printed-cards-part'
import { SectionHead } from '../section-head'
import { CardFilters } from './card-filters'
import { filteredCards, type ReaderCardsActs, type ReaderCardsView } from './cards-view'
import { GiveOutCardDialog } from './give-out-card-dialog'
import { ReaderCardList } from './reader-card-list'
import { WithdrawCardDialog } from './withdraw-card-dialog'

export interface ReaderCardsPartProps {
  readonly view: ReaderCardsView
  readonly acts: ReaderCardsActs
}

export function ReaderCardsPart({ view, acts }: ReaderCardsPartProps) {
  const t = useTranslations('consoleCards')
  const { cards, filter, currency, may, asOfS, nowS, dialog } = view
  return (
    <>
      <div className="mb-8 flex flex-wrap items-start justify-between gap-4">
        <p className="max-w-prose text-mute">{t('lead')}</p>
        <div className="flex flex-col items-end gap-1">
          <Button
            kind="primary"
            icon={<Nfc className="size-icon shrink-0" strokeWidth={1.75} aria-hidden="true" />}
            disabled={!may.issue}
            onClick={acts.onOpenGiveOut}
          >
            {t('new')}
          </Button>
          {may.issue ? null : <p className="text-note text-mute">{t('mayNot')}</p>}
        </div>
      </div>
      <StaleNotice view={view} />
      {cards.length === 0 ? null : <CardFilters filter={filter} onFilter={acts.onFilter} />}
      <section aria-labelledby="reader-cards">
        <SectionHead id="reader-cards" title={t('listTitle')} asOfS={asOfS} nowS={nowS} />
        <ReaderCardList
          cards={filteredCards(cards, filter)}
          isFiltered={cards.length > 0}
          mayRevoke={may.revoke}
          onWithdraw={acts.onOpenWithdraw}
          {...{ currency, nowS }}
        />
      </section>
      {dialog.kind === 'give-out' ? (
        <GiveOutCardDialog {...dialog} {...{ currency }} {...acts} terms={view.terms} />
      ) : null}
      {dialog.kind === 'withdraw' ? (
        <WithdrawCardDialog key={dialog.card.cardId} {...dialog} {...{ currency }} {...acts} />
      ) : null}
    </>
  )
}
