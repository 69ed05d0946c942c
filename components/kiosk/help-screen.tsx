/** How it works in four lines, somebody to call, and the receipt once more. */

import Receipt from 'lucide-react/icons/receipt'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import type { HelpView } from './kiosk-view'
import { Split } from './split'

export interface HelpProps {
  readonly view: HelpView
  onReceiptAgain(): void
  /** Null where there is no technician mode. */
  readonly onTechnician?: (() => void) | null
  onClose(): void
}

export function HelpScreen({ view, onReceiptAgain, onTechnician = null, onClose }: HelpProps) {
  const t = useTranslations('kiosk')
  return (
    <Split
      subject="help"
      stage={
        <>
          <h1 className="text-title leading-[1.1] font-bold tracking-[-0.01em]">{t('helpScreen.title')}</h1>
          <ol className="mt-5 flex flex-col gap-y-4 text-lead leading-[1.25]">
            {(['plug', 'scan', 'show', 'end'] as const).map((step, index) => (
              <li key={step} className="flex gap-x-4">
                <span className="w-[1em] shrink-0 font-bold text-mute tabular">{index + 1}</span>
                <span className="text-pretty">{t(`helpScreen.${step}`)}</span>
              </li>
            ))}
          </ol>
        </>
      }
      side={
        <div className="flex h-full flex-col gap-y-4">
          <div className="mb-auto">
            <p className="text-mute">{t('helpScreen.call')}</p>
            <p className="text-title leading-[1.15] font-bold whitespace-nowrap tabular">
              {view.supportPhone}
            </p>
            <p className="text-mute">{t('helpScreen.charger', { charger: view.chargerId })}</p>
            {onTechnician === null ? null : (
              <button
                type="button"
                onClick={onTechnician}
                className="min-h-target min-w-target cursor-pointer text-left text-note text-mute underline"
              >
                {t('technician.entry')}
              </button>
            )}
          </div>
          <Button
            wide
            onClick={onReceiptAgain}
            icon={<Receipt className="size-icon" strokeWidth={1.75} aria-hidden="true" />}
          >
            {t('helpScreen.again')}
          </Button>
          <Button kind="primary" wide onClick={onClose}>
            {t('helpScreen.close')}
          </Button>
        </div>
      }
    />
  )
}
