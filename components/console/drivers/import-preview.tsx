/** What a file would do before it does it: how many rows of which kind, what is wrong with the refused ones, the first changes. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Pill } from '@/components/ui/pill'
import ArrowRight from 'lucide-react/icons/arrow-right'
import Equal from 'lucide-react/icons/equal'
import Plus from 'lucide-react/icons/plus'
import { useFormat } from '@/lib/format/use-format'
import { DataTable, type Column } from '../data-table'
import { RefusalNotice } from '../refusal-notice'
import type { RosterKind } from './drivers-view'
import type {
  ImportActs,
  ImportCounts,
  ImportPreview,
  ImportRow,
  ImportStage,
  RefusedRow,
} from './import-view'
import { useRefusedWords } from './refused-words'

export interface ImportPreviewPartProps {
  readonly stage: Extract<ImportStage, { kind: 'preview' }>
  readonly kind: RosterKind
  readonly acts: ImportActs
}

/** Rows that change nothing are not "good" to take: there is nothing to take. */
export const goodRows = ({ add, change }: ImportCounts): number => add + change

export function ImportPreviewPart({ stage, kind, acts }: ImportPreviewPartProps) {
  const t = useTranslations('consoleDrivers.import')
  const { preview, progress, fileName } = stage
  const good = goodRows(preview.counts)
  return (
    <>
      <section aria-labelledby="preview" className="mb-8">
        <h2 id="preview" className="mb-4 text-title [overflow-wrap:anywhere]">
          {t('preview.title', { file: fileName })}
        </h2>
        <Counts counts={preview.counts} />
        <p role="status" className="mb-5">
          {t('preview.summary', { good, refused: preview.counts.refused })}
        </p>
        {progress.kind === 'failed' ? (
          <div className="mb-5">
            <RefusalNotice refusal={progress.refusal} />
          </div>
        ) : null}
        <div className="flex flex-wrap items-center gap-3">
          <Button
            kind="primary"
            busy={progress.kind === 'waiting'}
            disabled={good === 0}
            onClick={acts.onTake}
          >
            {t('preview.take', { count: good })}
          </Button>
          <Button onClick={acts.onAnotherFile}>{t('preview.another')}</Button>
        </div>
        {good === 0 ? <p className="mt-2 text-note text-mute">{t('preview.nothing')}</p> : null}
      </section>
      <Refused refused={preview.refused} total={preview.counts.refused} />
      <FirstRows kind={kind} preview={preview} />
    </>
  )
}

function Counts({ counts }: { readonly counts: ImportCounts }) {
  const t = useTranslations('consoleDrivers.import.counts')
  const format = useFormat()
  return (
    <dl className="mb-4 grid max-w-2xl grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-4">
      {(['add', 'change', 'same', 'refused'] as const).map((name) => (
        <div key={name}>
          <dt className="text-note text-mute">{t(name)}</dt>
          <dd
            className={`text-title font-bold tabular ${name === 'refused' && counts.refused > 0 ? 'text-bad' : ''}`}
          >
            {format.count(counts[name])}
          </dd>
        </div>
      ))}
    </dl>
  )
}

const refusedAtFirst = 25

interface RefusedProps {
  readonly refused: readonly RefusedRow[]
  /** More than are listed, where very many are wrong. */
  readonly total: number
}

function Refused({ refused, total }: RefusedProps) {
  const t = useTranslations('consoleDrivers.import.refused')
  const wordsOf = useRefusedWords()
  const [isWhole, setIsWhole] = useState(false)
  if (refused.length === 0) return null
  const columns: readonly Column<RefusedRow>[] = [
    { id: 'line', head: t('line'), isRowHead: true, cell: ({ line }) => String(line) },
    { id: 'column', head: t('column'), cell: ({ column }) => <code>{column}</code> },
    { id: 'wrong', head: t('wrong'), cell: (row) => wordsOf(row.code) },
    {
      id: 'value',
      head: t('value'),
      cell: ({ value }) => <span className="break-all">{value === '' ? t('empty') : value}</span>,
    },
  ]
  return (
    <section aria-labelledby="refused" className="mb-10">
      <h2 id="refused" className="mb-1 text-lead font-bold">
        {t('title', { count: total })}
      </h2>
      <p className="mb-4 text-mute">{t('lead')}</p>
      <DataTable
        caption={t('caption')}
        columns={columns}
        rows={isWhole ? refused : refused.slice(0, refusedAtFirst)}
        empty=""
        keyOf={({ line, column, code }) => `${line} ${column} ${code}`}
      />
      {refused.length > refusedAtFirst && !isWhole ? (
        <div className="mt-4 text-center">
          <Button onClick={() => setIsWhole(true)}>{t('all', { count: refused.length })}</Button>
        </div>
      ) : null}
      {isWhole && total > refused.length ? (
        <p className="mt-2 text-note text-mute">{t('andMore', { count: total - refused.length })}</p>
      ) : null}
    </section>
  )
}

const actLooks = {
  add: { tone: 'good', Icon: Plus },
  change: { tone: 'offline', Icon: ArrowRight },
  same: { tone: 'plain', Icon: Equal },
} as const

const rowsShown = 20

function FirstRows({ kind, preview }: { readonly kind: RosterKind; readonly preview: ImportPreview }) {
  const t = useTranslations('consoleDrivers.import')
  const rows = preview.rows.filter(({ action }) => action !== 'same').slice(0, rowsShown)
  if (rows.length === 0) return null
  const [first, second, third] =
    kind === 'drivers' ? (['name', 'reference', 'email'] as const) : (['plate', 'called', 'class'] as const)
  const columns: readonly Column<ImportRow>[] = [
    { id: 'line', head: t('refused.line'), cell: ({ line }) => String(line) },
    {
      id: 'act',
      head: t('rows.act'),
      cell: ({ action }) => {
        const { tone, Icon } = actLooks[action]
        return (
          <Pill bare tone={tone} icon={<Icon strokeWidth={1.75} aria-hidden="true" />}>
            {t(`act.${action}`)}
          </Pill>
        )
      },
    },
    {
      id: first,
      head: t(`rows.${first}`),
      isRowHead: true,
      cell: ({ title }) => <span className="font-bold">{title}</span>,
    },
    {
      id: second,
      head: t(`rows.${second}`),
      cell: ({ cells }) => <span className="[overflow-wrap:anywhere]">{cells[0] || '–'}</span>,
    },
    {
      id: third,
      head: t(`rows.${third}`),
      cell: ({ cells }) => <span className="[overflow-wrap:anywhere]">{cells[1] || '–'}</span>,
    },
  ]
  return (
    <section aria-labelledby="rows">
      <h2 id="rows" className="mb-4 text-lead font-bold">
        {t('rows.title', { count: rows.length })}
      </h2>
      <DataTable
        caption={t('rows.caption')}
        columns={columns}
        rows={rows}
        empty=""
        keyOf={({ line }) => String(line)}
      />
    </section>
  )
}
