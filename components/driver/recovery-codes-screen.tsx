/** Recovery codes, the only time that they are shown: to copy, to save, to print. */

import Copy from 'lucide-react/icons/copy'
import FileDown from 'lucide-react/icons/file-down'
import Printer from 'lucide-react/icons/printer'
import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Screen } from './screen'

export interface RecoveryCodesProps {
  view: { readonly codes: readonly string[] }
  /** False where the browser does not let the page write to the clipboard. */
  onCopy(): Promise<boolean>
  onSave(): void
  onPrint(): void
  onDone(): void
}

const icon = { className: 'size-icon', strokeWidth: 1.75, 'aria-hidden': true } as const

export function RecoveryCodesScreen({ view, onCopy, onSave, onPrint, onDone }: RecoveryCodesProps) {
  const t = useTranslations('driver.recoveryCodes')
  const common = useTranslations('common')
  const [isKept, setIsKept] = useState(false)
  const [isCopied, setIsCopied] = useState(false)
  return (
    <Screen
      title={t('title')}
      onBack={null}
      foot={
        <>
          <label className="flex min-h-target items-center gap-3">
            <input
              type="checkbox"
              className="size-6 shrink-0 accent-amber"
              checked={isKept}
              onChange={(event) => setIsKept(event.target.checked)}
            />
            <span>{t('kept')}</span>
          </label>
          <Button kind="primary" wide disabled={!isKept} onClick={onDone}>
            {common('done')}
          </Button>
        </>
      }
    >
      <p className="text-lead">{t('lead')}</p>
      <ol className="grid grid-cols-[repeat(auto-fill,minmax(min(12.5rem,100%),1fr))] border-y border-line py-2 tabular">
        {view.codes.map((code, index) => (
          <li key={code} className="flex gap-3 py-1">
            <span className="w-8 shrink-0 text-right text-mute">{index + 1}</span>
            <span className="min-w-0 font-bold break-words select-all">{code}</span>
          </li>
        ))}
      </ol>
      <div className="no-print grid grid-cols-[repeat(auto-fit,minmax(8.5rem,1fr))] gap-2">
        <Button className="px-3!" icon={<Copy {...icon} />} onClick={() => void onCopy().then(setIsCopied)}>
          {common(isCopied ? 'copied' : 'copy')}
        </Button>
        <Button className="px-3!" icon={<FileDown {...icon} />} onClick={onSave}>
          {t('save')}
        </Button>
        <Button className="px-3!" icon={<Printer {...icon} />} onClick={onPrint}>
          {t('print')}
        </Button>
      </div>
      <p className="text-note text-mute">{t('once')}</p>
    </Screen>
  )
}
