/** A session that ended without this phone at the charger: vetoed before anybody took it up, or its receipt came by the operator. */

import Undo from 'lucide-react/icons/undo-2'
import ReceiptText from 'lucide-react/icons/receipt-text'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Figure } from '@/components/ui/figure'
import { Pill } from '@/components/ui/pill'
import { useFormat } from '@/lib/format/use-format'
import { Screen } from './screen'

export interface SessionEndedView {
  readonly kind: 'unused' | 'finished'
  readonly siteLabel: string
  readonly bayLabel: string
  readonly heldMinor: number
  readonly releasedMinor: number
  readonly currency: string
  readonly atS: number
}

export interface SessionEndedProps {
  view: SessionEndedView
  onOpenReceipt(): void
  onHome(): void
}

export function SessionEndedScreen({ view, onOpenReceipt, onHome }: SessionEndedProps) {
  const t = useTranslations('driver.ended')
  const format = useFormat()
  const isUnused = view.kind === 'unused'
  const Icon = isUnused ? Undo : ReceiptText
  return (
    <Screen
      title={t(`${view.kind}Title`)}
      onBack={onHome}
      foot={
        <Button kind="primary" wide onClick={isUnused ? onHome : onOpenReceipt}>
          {t(isUnused ? 'home' : 'openReceipt')}
        </Button>
      }
    >
      <div>
        <Pill tone="good" icon={<Icon strokeWidth={1.75} aria-hidden="true" />}>
          {view.siteLabel} · {view.bayLabel}
        </Pill>
      </div>
      <Figure
        value={format.money(view.releasedMinor, view.currency)}
        note={<p>{t('unusedFigure', { held: format.money(view.heldMinor, view.currency) })}</p>}
      />
      <p className="text-lead">{t(`${view.kind}Lead`)}</p>
      <p className="text-note text-mute">{t('when', { when: format.timestamp(view.atS) })}</p>
    </Screen>
  )
}
