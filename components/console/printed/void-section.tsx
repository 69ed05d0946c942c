/** The void list: cards of all batches that nobody should take any more, and the way to a file of it. */

import Download from 'lucide-react/icons/download'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { useFormat } from '@/lib/format/use-format'
import { DataTable, type Column } from '../data-table'
import type { Progress } from '../progress'
import { RefusalNotice } from '../refusal-notice'
import { SectionHead } from '../section-head'
import { shortSerial, type VoidList } from './printed-view'
import { UnheardChargers } from './unheard-chargers'

export interface VoidSectionProps {
  readonly voids: VoidList
  readonly asOfS: number
  readonly nowS: number
  readonly saving: Progress
  onSave(): void
}

export function VoidSection({ voids, asOfS, nowS, saving, onSave }: VoidSectionProps) {
  const t = useTranslations('consolePrinted.voidList')
  const format = useFormat()
  const columns: readonly Column<VoidList['cards'][number]>[] = [
    { id: 'serial', head: t('serial'), isRowHead: true, cell: ({ cardId }) => shortSerial(cardId) },
    {
      id: 'batch',
      head: t('batch'),
      cell: ({ batchName, number }) => t('cardOf', { batch: batchName, number }),
    },
    { id: 'since', head: t('since'), align: 'right', cell: ({ sinceS }) => format.moment(sinceS, nowS) },
    { id: 'epoch', head: t('epoch'), align: 'right', cell: ({ epoch }) => format.count(epoch) },
    {
      id: 'know',
      head: t('know'),
      align: 'right',
      cell: ({ chargers, heard, notAfterS }) => {
        if (notAfterS <= nowS) return t('over')
        if (chargers === 0) return t('none')
        return t(heard === chargers ? 'all' : 'some', { heard, chargers })
      },
    },
  ]
  return (
    <section aria-labelledby="void-list" className="mt-12">
      <SectionHead id="void-list" title={t('title')} asOfS={asOfS} nowS={nowS}>
        <Button
          icon={<Download className="size-icon shrink-0" strokeWidth={1.75} aria-hidden="true" />}
          disabled={voids.cards.length === 0}
          busy={saving.kind === 'waiting'}
          onClick={onSave}
        >
          {t('csv')}
        </Button>
      </SectionHead>
      <p className="mb-3 max-w-prose text-mute">{t('lead')}</p>
      {saving.kind === 'failed' ? <RefusalNotice refusal={saving.refusal} /> : null}
      <DataTable
        caption={t('caption')}
        columns={columns}
        rows={voids.cards}
        empty={t('empty')}
        keyOf={({ cardId }) => cardId}
      />
      {voids.next === null ? null : (
        <p className="mt-2 text-note text-mute">{t('newest', { count: voids.cards.length })}</p>
      )}
      <UnheardChargers unheard={voids.unheard} nowS={nowS} />
    </section>
  )
}
