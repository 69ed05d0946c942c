/** The last imports, each with the way back. */

import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Spinner } from '@/components/ui/spinner'
import { useFormat } from '@/lib/format/use-format'
import { DataTable, type Column } from '../data-table'
import type { Progress } from '../progress'
import { RefusalNotice } from '../refusal-notice'
import { SectionHead } from '../section-head'
import { goodRows } from './import-preview'
import type { ImportActs, ImportLine, ImportView } from './import-view'

export interface ImportHistoryPartProps {
  readonly view: ImportView
  readonly acts: ImportActs
}

export function ImportHistoryPart({ view, acts }: ImportHistoryPartProps) {
  const t = useTranslations('consoleDrivers.import.history')
  const { history, nowS } = view
  if (history.kind === 'loading') return <Spinner awaited={t('loading')} />
  if (history.kind === 'failed') return <RefusalNotice refusal={history.refusal} />
  return (
    <section aria-labelledby="imports">
      <SectionHead
        id="imports"
        title={t('title')}
        asOfS={history.asOfS}
        nowS={Math.max(nowS, history.asOfS)}
      />
      <Imports imports={history.imports} view={view} acts={acts} />
    </section>
  )
}

function Imports({
  imports,
  view,
  acts,
}: ImportHistoryPartProps & { readonly imports: readonly ImportLine[] }) {
  const t = useTranslations('consoleDrivers.import.history')
  const format = useFormat()
  const columns: readonly Column<ImportLine>[] = [
    {
      id: 'when',
      head: t('when'),
      isRowHead: true,
      cell: ({ atS }) => <span className="whitespace-nowrap">{format.moment(atS, view.nowS)}</span>,
    },
    { id: 'kind', head: t('kind'), cell: ({ kind }) => t(`kinds.${kind}`) },
    { id: 'add', head: t('add'), align: 'right', cell: ({ counts }) => format.count(counts.add) },
    { id: 'change', head: t('change'), align: 'right', cell: ({ counts }) => format.count(counts.change) },
    {
      id: 'refused',
      head: t('refused'),
      align: 'right',
      cell: ({ importId, counts, atS }) =>
        counts.refused === 0 ? (
          '0'
        ) : (
          <Button
            kind="quiet"
            className="px-0! underline underline-offset-4"
            aria-label={t('saveOf', { count: counts.refused, when: format.moment(atS, view.nowS) })}
            onClick={() => acts.onSaveRefused(importId)}
          >
            {format.count(counts.refused)}
          </Button>
        ),
    },
    {
      id: 'acts',
      head: t('acts'),
      align: 'right',
      cell: ({ importId, undoneAtS, atS }) =>
        undoneAtS === null ? (
          <Button
            kind="quiet"
            className="px-3!"
            disabled={!view.mayChange}
            aria-label={t('undoOf', { when: format.moment(atS, view.nowS) })}
            onClick={() => acts.onAskUndo(importId)}
          >
            {t('undo')}
          </Button>
        ) : (
          <span className="text-mute">{t('undone', { when: format.moment(undoneAtS, view.nowS) })}</span>
        ),
    },
  ]
  return (
    <DataTable
      caption={t('title')}
      columns={columns}
      rows={imports}
      empty={t('empty')}
      keyOf={({ importId }) => importId}
    />
  )
}

export interface UndoQuestionProps {
  readonly line: ImportLine
  readonly progress: Progress
  readonly acts: Pick<ImportActs, 'onCloseUndo' | 'onUndo'>
}

export function UndoQuestion({ line, progress, acts }: UndoQuestionProps) {
  const t = useTranslations('consoleDrivers.import.undo')
  const common = useTranslations('common')
  const { counts, importId } = line
  return (
    <Dialog open form="dialog" title={t('title')} closeLabel={common('close')} onClose={acts.onCloseUndo}>
      <div className="flex flex-col gap-5">
        <p>{t('lead', { add: counts.add, change: counts.change })}</p>
        <p className="text-mute">{t('stays')}</p>
        {progress.kind === 'failed' ? <RefusalNotice refusal={progress.refusal} /> : null}
        <div className="flex flex-wrap justify-end gap-3">
          <Button onClick={acts.onCloseUndo}>{common('cancel')}</Button>
          <Button kind="destructive" busy={progress.kind === 'waiting'} onClick={() => acts.onUndo(importId)}>
            {t('act', { count: goodRows(counts) })}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
