/** The code that asks the charger to end the session; then its receipt is scanned. */

import ReceiptText from 'lucide-react/icons/receipt-text'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { QrCode } from '@/components/ui/qr-code'
import { CodeFrame, codeSize } from './code-frame'

export interface StopCodeView {
  readonly text: string
  readonly bayLabel: string
  readonly words: readonly [string, string]
}

export interface StopCodeProps {
  view: StopCodeView
  onScanReceipt(): void
  /** Back to the session, which goes on until the charger has read the code. */
  onBack(): void
}

export function StopCodeScreen({ view, onScanReceipt, onBack }: StopCodeProps) {
  const t = useTranslations('driver.stopShow')
  return (
    <CodeFrame
      title={t('title')}
      bayLabel={view.bayLabel}
      words={view.words}
      note={t('next')}
      code={<QrCode text={view.text} label={t('codeLabel')} className={codeSize} />}
      foot={
        <>
          <Button
            kind="primary"
            wide
            icon={<ReceiptText className="size-6" strokeWidth={1.75} aria-hidden="true" />}
            onClick={onScanReceipt}
          >
            {t('scanReceipt')}
          </Button>
          <p className="text-center text-note text-mute">{t('otherWays')}</p>
        </>
      }
      onBack={onBack}
    />
  )
}
