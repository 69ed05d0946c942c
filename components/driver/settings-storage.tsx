/** What is kept on this phone in plain words, how large it is, whether it stays, and a copy of all of it. */

import Download from 'lucide-react/icons/download'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { DefinitionRows } from '@/components/ui/definition-rows'
import { Notice } from '@/components/ui/notice'
import { useFormat } from '@/lib/format/use-format'

export type StoredPartName = 'sessions' | 'credit' | 'account' | 'trust' | 'places' | 'other' | 'app'

export interface StorageView {
  readonly parts: readonly {
    readonly name: StoredPartName
    readonly count: number | null
    /** Null while it is being measured. */
    readonly bytes: number | null
  }[]
  /** Whether the browser promised to keep it; null when it was not asked. */
  readonly kept: boolean | null
  readonly exporting: 'no' | 'yes' | 'without-account'
  readonly signedIn: boolean
  readonly online: boolean
}

export interface StorageProps {
  readonly storage: StorageView
  /** Asks the browser to keep everything. */
  onKeep(): void
  onExport(): void
}

export function SettingsStorage({ storage, onKeep, onExport }: StorageProps) {
  const t = useTranslations('driver.settings')
  const format = useFormat()
  return (
    <section className="flex flex-col gap-4">
      <p>{t('lead')}</p>
      <DefinitionRows
        rows={storage.parts.map(({ name, count, bytes }) => ({
          name: t(`part.${name}.title`),
          note:
            count === null ? t(`part.${name}.note`) : `${format.count(count)} · ${t(`part.${name}.note`)}`,
          value: bytes === null ? '…' : format.bytes(bytes),
        }))}
      />
      <p className="text-note text-mute">{t('notKept')}</p>
      {storage.kept === true ? (
        <Notice tone="good" title={t('kept.yes')} action={t('kept.yesMeans')} />
      ) : (
        <div className="flex flex-col gap-3">
          <Notice
            tone="plain"
            title={t(storage.kept === false ? 'kept.no' : 'kept.unasked')}
            action={t('kept.noMeans')}
          />
          <Button wide onClick={onKeep}>
            {t('keep')}
          </Button>
        </div>
      )}
      <div className="flex flex-col gap-2">
        <Button
          wide
          icon={<Download className="size-icon" strokeWidth={1.75} aria-hidden="true" />}
          busy={storage.exporting === 'yes'}
          onClick={onExport}
        >
          {t('export')}
        </Button>
        <p role="status" className="text-note text-mute">
          {storage.exporting === 'without-account'
            ? t('exportedWithout')
            : t(storage.signedIn ? (storage.online ? 'exportNote' : 'exportOffline') : 'exportPhoneOnly')}
        </p>
      </div>
    </section>
  )
}
