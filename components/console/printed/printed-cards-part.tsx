/** Prepaid cards on paper: the batches that a fleet made, the way to a new one, and what is void. */

import Printer from 'lucide-react/icons/printer'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { useFormat } from '@/lib/format/use-format'
import { SectionHead } from '../section-head'
import { BatchTable } from './batch-table'
import { PrintedDialogs } from './printed-dialogs'
import type { BatchesActs, BatchesView } from './printed-view'
import { VoidSection } from './void-section'

export interface PrintedCardsPartProps {
  readonly view: BatchesView
  readonly acts: BatchesActs
}

export function PrintedCardsPart({ view, acts }: PrintedCardsPartProps) {
  const t = useTranslations('consolePrinted')
  const { asOfS, nowS, may, voids } = view
  return (
    <>
      <div className="mb-8 flex flex-wrap items-start justify-between gap-4">
        <p className="max-w-prose text-mute">{t('lead')}</p>
        <div className="flex flex-col items-end gap-1">
          <Button
            kind="primary"
            icon={<Printer className="size-icon shrink-0" strokeWidth={1.75} aria-hidden="true" />}
            disabled={!may.issue}
            onClick={acts.onOpenMake}
          >
            {t('make')}
          </Button>
          {may.issue ? null : <p className="text-note text-mute">{t('mayNotMake')}</p>}
        </div>
      </div>
      <StaleNotice view={view} />
      <section aria-labelledby="batches">
        <SectionHead id="batches" title={t('listTitle')} asOfS={asOfS} nowS={nowS} />
        <BatchTable batches={view.batches} currency={view.currency} nowS={nowS} onOpen={acts.onOpen} />
        {view.hasMore ? (
          <div className="mt-4 text-center">
            <Button onClick={acts.onMore}>{t('more')}</Button>
          </div>
        ) : null}
      </section>
      {voids === null || view.batches.length === 0 ? null : (
        <VoidSection voids={voids} asOfS={asOfS} nowS={nowS} saving={view.saving} onSave={acts.onSaveVoids} />
      )}
      <PrintedDialogs dialog={view.dialog} terms={view.terms} currency={view.currency} acts={acts} />
    </>
  )
}

export function StaleNotice({
  view: { isStale, asOfS, nowS },
}: {
  readonly view: { readonly isStale: boolean; readonly asOfS: number; readonly nowS: number }
}) {
  const console = useTranslations('console')
  const format = useFormat()
  if (!isStale) return null
  return (
    <div className="mb-6">
      <Notice
        tone="offline"
        title={console('stale.title')}
        action={console('stale.action', { when: format.moment(asOfS, nowS) })}
      />
    </div>
  )
}
