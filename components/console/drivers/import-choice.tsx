/** Which file: chosen or dropped; what its columns are, and a sample to begin with. */

import Download from 'lucide-react/icons/download'
import FileUp from 'lucide-react/icons/file-up'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Choice } from '@/components/ui/choice'
import { DefinitionRows } from '@/components/ui/definition-rows'
import { Notice } from '@/components/ui/notice'
import { useFormat } from '@/lib/format/use-format'
import { FilePlace } from '../file-place'
import { RefusalNotice } from '../refusal-notice'
import { rosterKinds, type RosterKind } from './drivers-view'
import { importBytesMax, importRowsMax } from './import-file'
import type { ImportActs, ImportStage } from './import-view'

export interface ImportChoiceProps {
  readonly stage: Extract<ImportStage, { kind: 'choose' }>
  readonly kind: RosterKind
  readonly mayChange: boolean
  readonly acts: ImportActs
}

const iconProps = { className: 'size-icon shrink-0', strokeWidth: 1.75, 'aria-hidden': true } as const

export function ImportChoice({ stage, kind, mayChange, acts }: ImportChoiceProps) {
  const t = useTranslations('consoleDrivers.import')
  const format = useFormat()
  const limits = { rows: format.count(importRowsMax), size: format.bytes(importBytesMax) }
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-8 lg:grid-cols-[minmax(0,34rem)_minmax(0,1fr)] lg:gap-16">
      <div className="flex flex-col gap-5">
        <Choice
          legend={t('what')}
          options={rosterKinds.map((value) => ({ value, label: t(`${value}.name`) }))}
          value={kind}
          onChange={acts.onKind}
        />
        <FilePlace
          choose={t('choose')}
          drop={t('drop')}
          hint={t('limits', limits)}
          icon={<FileUp className="size-8 shrink-0" strokeWidth={1.5} aria-hidden="true" />}
          disabled={!mayChange}
          onFile={acts.onFile}
        />
        {mayChange ? null : <p className="text-note text-mute">{t('mayNot')}</p>}
        {stage.problem === null ? null : (
          <Notice
            urgent
            tone="bad"
            title={t(`problem.${stage.problem}`, limits)}
            money={t('nothingTaken')}
            action={t(`remedy.${stage.problem}`, limits)}
          />
        )}
        {stage.refusal === null ? null : <RefusalNotice refusal={stage.refusal} />}
      </div>
      <section aria-labelledby="columns">
        <h2 id="columns" className="mb-3 text-lead font-bold">
          {t('columns')}
        </h2>
        <DefinitionRows
          rows={columnRows[kind].map((id) => ({
            name: <code>{id}</code>,
            value: t(`${kind}.column.${id}` as 'drivers.column.name'),
          }))}
        />
        <p className="my-4 text-note text-mute">{t(`${kind}.matching`)}</p>
        <Button icon={<Download {...iconProps} />} onClick={acts.onSample}>
          {t('sample')}
        </Button>
      </section>
    </div>
  )
}

const columnRows = {
  drivers: ['name', 'reference', 'email'],
  vehicles: ['plate', 'name', 'class'],
} as const satisfies Record<RosterKind, readonly string[]>
