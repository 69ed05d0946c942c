/** What an import did, the refused rows to mend, and the way back. */

import Download from 'lucide-react/icons/download'
import Undo from 'lucide-react/icons/undo-2'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import type { RosterKind } from './drivers-view'
import { goodRows } from './import-preview'
import type { ImportActs, ImportStage } from './import-view'

export interface ImportDoneProps {
  readonly stage: Extract<ImportStage, { kind: 'done' }>
  readonly kind: RosterKind
  readonly acts: ImportActs
}

const iconProps = { className: 'size-icon shrink-0', strokeWidth: 1.75, 'aria-hidden': true } as const

export function ImportDone({ stage, kind, acts }: ImportDoneProps) {
  const t = useTranslations('consoleDrivers.import.done')
  const { counts, importId } = stage
  return (
    <div className="max-w-2xl">
      <Notice
        tone="good"
        title={t('title', { count: goodRows(counts) })}
        action={t('detail', { add: counts.add, change: counts.change, same: counts.same })}
      />
      {counts.refused > 0 ? (
        <div className="mt-6">
          <p className="font-bold">{t('refused', { count: counts.refused })}</p>
          <p className="mb-3 text-mute">{t('mend')}</p>
          <Button icon={<Download {...iconProps} />} onClick={() => acts.onSaveRefused(importId)}>
            {t('save')}
          </Button>
        </div>
      ) : null}
      <div className="mt-8 flex flex-wrap items-center gap-3">
        <Button kind="primary" onClick={acts.onBack}>
          {t(`see.${kind}`)}
        </Button>
        <Button onClick={acts.onAnotherFile}>{t('another')}</Button>
        <Button kind="quiet" icon={<Undo {...iconProps} />} onClick={() => acts.onAskUndo(importId)}>
          {t('undo')}
        </Button>
      </div>
    </div>
  )
}
