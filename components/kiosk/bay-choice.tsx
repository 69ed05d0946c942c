/** One screen for several bays. The plug usually chooses by itself; these are for looking at the others. */

import { useTranslations } from 'use-intl'
import { classNames } from '@/components/ui/class-names'
import { kioskStates } from './kiosk-states'
import type { BayView, ChromeEvents } from './kiosk-view'

export function BayChoice({
  bays,
  onBay,
}: { readonly bays: readonly BayView[] } & Pick<ChromeEvents, 'onBay'>) {
  const t = useTranslations('kiosk')
  return (
    <nav aria-label={t('bays')} className="flex gap-x-3">
      {bays.map((bay) => {
        const Icon = kioskStates[bay.state].icon
        return (
          <button
            key={bay.connectorId}
            type="button"
            aria-label={t('bay', { bay: bay.bayLabel })}
            aria-pressed={bay.selected}
            onClick={() => onBay(bay.connectorId)}
            className={classNames(
              'inline-flex min-h-target min-w-target cursor-pointer items-center gap-2.5 rounded-card border px-5 font-bold',
              bay.selected ? 'border-ink bg-ink text-paper' : 'border-edge bg-card text-ink',
            )}
          >
            <Icon className="size-[1.15em]" strokeWidth={1.75} aria-hidden="true" />
            {bay.bayLabel}
          </button>
        )
      })}
    </nav>
  )
}
