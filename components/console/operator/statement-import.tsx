/** A bank's statement: chosen or dropped, taken piece by piece, and what became of it. */

import FileUp from 'lucide-react/icons/file-up'
import { useTranslations } from 'use-intl/react'
import { DefinitionRows } from '@/components/ui/definition-rows'
import { Notice } from '@/components/ui/notice'
import { Spinner } from '@/components/ui/spinner'
import { useFormat } from '@/lib/format/use-format'
import { importBytesMax, importRowsMax } from '../drivers/import-file'
import { FilePlace } from '../file-place'
import { RefusalNotice } from '../refusal-notice'
import type { StatementDone, StatementStage } from './payments-view'

export interface StatementImportProps {
  readonly stage: StatementStage
  readonly mayImport: boolean
  onFile(file: File): void
}

export function StatementImport({ stage, mayImport, onFile }: StatementImportProps) {
  const t = useTranslations('consoleOperator.payments.statement')
  const format = useFormat()
  const limits = { rows: format.count(importRowsMax), size: format.bytes(importBytesMax) }
  const isSending = stage.kind === 'sending'
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-8 lg:grid-cols-[minmax(0,34rem)_minmax(0,1fr)] lg:gap-16">
      <div className="flex flex-col gap-4">
        <FilePlace
          choose={t('choose')}
          drop={t('drop')}
          hint={t('limits', limits)}
          icon={<FileUp className="size-8 shrink-0" strokeWidth={1.5} aria-hidden="true" />}
          disabled={!mayImport || isSending}
          onFile={onFile}
        />
        {mayImport ? null : <p className="text-note text-mute">{t('mayNot')}</p>}
      </div>
      <div className="flex flex-col gap-4">
        {stage.kind === 'none' ? <p className="text-mute">{t('lead')}</p> : null}
        {isSending ? (
          <Spinner
            awaited={
              stage.of === null
                ? t('sending')
                : t('sendingOf', { done: format.count(stage.done), of: format.count(stage.of) })
            }
          />
        ) : null}
        {stage.kind === 'problem' ? (
          <Notice
            urgent
            tone="bad"
            title={t(`problem.${stage.problem}`, limits)}
            money={t('nothingTaken')}
            action={t(`remedy.${stage.problem}`, limits)}
          />
        ) : null}
        {stage.kind === 'failed' ? (
          <>
            <RefusalNotice refusal={stage.refusal} />
            <p>{t('again')}</p>
          </>
        ) : null}
        {stage.kind === 'done' ? <Done done={stage.done} /> : null}
      </div>
    </div>
  )
}

/** The rest is told by number: whoever has so many faults mends the file by its columns, not by its rows. */
const faultsShown = 20

function Done({ done: { missing, posted, open, known, refused } }: { readonly done: StatementDone }) {
  const t = useTranslations('consoleOperator.payments.statement')
  const format = useFormat()
  if (missing.length > 0)
    return (
      <Notice
        urgent
        tone="bad"
        title={t('missing')}
        money={t('nothingTaken')}
        action={missing.map((column) => t(`column.${column}`)).join(' · ')}
      />
    )
  return (
    <div role="status" className="flex flex-col gap-4">
      <Notice
        tone={refused.length > 0 ? 'offline' : 'good'}
        title={t(refused.length > 0 ? 'doneWithFaults' : 'done')}
        action={t('onceOnly')}
      />
      <DefinitionRows
        rows={[
          { name: t('posted'), value: format.count(posted) },
          { name: t('open'), value: format.count(open) },
          { name: t('known'), value: format.count(known) },
          { name: t('refused'), value: format.count(refused.length) },
        ]}
      />
      {refused.length === 0 ? null : (
        <ul className="divide-y divide-line border-y border-line">
          {refused.slice(0, faultsShown).map(({ line, fault }) => (
            <li key={line} className="flex gap-4 py-2">
              <span className="w-20 shrink-0 font-bold tabular">{t('line', { line })}</span>
              <span>{t(`fault.${fault}`)}</span>
            </li>
          ))}
          {refused.length > faultsShown ? (
            <li className="py-2 text-mute">{t('moreFaults', { count: refused.length - faultsShown })}</li>
          ) : null}
        </ul>
      )}
    </div>
  )
}
