/** Brings a whole list: choose a file, look at what it would do, take its good rows, and take them back if it was wrong. */

import ArrowLeft from 'lucide-react/icons/arrow-left'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { Spinner } from '@/components/ui/spinner'
import { Steps } from '@/components/ui/steps'
import { RefusalNotice } from '../refusal-notice'
import { ImportChoice } from './import-choice'
import { ImportDone } from './import-done'
import { ImportHistoryPart, UndoQuestion } from './import-history'
import { ImportPreviewPart } from './import-preview'
import type { ImportActs, ImportStage, ImportView } from './import-view'

export interface ImportScreenProps {
  readonly view: ImportView
  readonly acts: ImportActs
}

const stepOf: Record<ImportStage['kind'], number> = { choose: 0, reading: 0, preview: 1, done: 2 }

export function ImportScreen({ view, acts }: ImportScreenProps) {
  const t = useTranslations('consoleDrivers.import')
  const { stage, kind, undone } = view
  return (
    <>
      <div className="mb-4 -ml-4">
        <Button
          kind="quiet"
          icon={<ArrowLeft className="size-icon shrink-0" strokeWidth={1.75} aria-hidden="true" />}
          onClick={acts.onBack}
        >
          {t('back')}
        </Button>
      </div>
      <h1 className="mb-6 text-title">{t(`${kind}.title`)}</h1>
      <div className="mb-8 max-w-measure">
        <Steps
          label={t('steps.label')}
          steps={[t('steps.choose'), t('steps.look'), t('steps.done')]}
          current={stepOf[stage.kind]}
        />
      </div>
      <div className="flex flex-col gap-4 not-empty:mb-6">
        {undone === null ? null : (
          <Notice
            tone={undone.kept > 0 ? 'offline' : 'good'}
            title={t('undone.title', { count: undone.takenBack })}
            {...(undone.kept > 0 ? { action: t('undone.kept', { count: undone.kept }) } : {})}
          />
        )}
        {view.refusal === null ? null : <RefusalNotice refusal={view.refusal} />}
      </div>
      <div className="mb-12">
        <Stage view={view} stage={stage} acts={acts} />
      </div>
      <ImportHistoryPart view={view} acts={acts} />
      {view.asked === null ? null : <UndoQuestion {...view.asked} acts={acts} />}
    </>
  )
}

function Stage({ view, stage, acts }: ImportScreenProps & { readonly stage: ImportStage }) {
  const t = useTranslations('consoleDrivers.import')
  switch (stage.kind) {
    case 'choose':
      return <ImportChoice stage={stage} kind={view.kind} mayChange={view.mayChange} acts={acts} />
    case 'reading':
      return <Spinner awaited={t('reading', { file: stage.fileName })} usual={t('readingUsual')} />
    case 'preview':
      return <ImportPreviewPart stage={stage} kind={view.kind} acts={acts} />
    case 'done':
      return <ImportDone stage={stage} kind={view.kind} acts={acts} />
  }
}
