/** Accepted; the contactor is about to close. */

import CircleCheck from 'lucide-react/icons/circle-check'
import { useTranslations } from 'use-intl'
import { CarPlugged } from '@/components/ui/drawings'
import { useFormat } from '@/lib/format/use-format'
import { CodePanel } from './code-panel'
import type { StartingView } from './kiosk-view'
import { Split } from './split'
import { StopCodeCard } from './stop-code-card'

export function StartingScreen({ view }: { readonly view: StartingView }) {
  const t = useTranslations('kiosk.starting')
  const format = useFormat()
  const isByCard = view.answerCode === null
  return (
    <Split
      subject="starting"
      stage={
        <div className="flex h-full flex-col justify-between gap-y-2">
          <div role="status">
            <h1 className="flex items-center gap-x-4 text-[length:var(--text-words)] leading-[1.1] font-bold tracking-[-0.02em] text-good">
              <CircleCheck className="size-[0.9em] shrink-0" strokeWidth={1.75} aria-hidden="true" />
              {isByCard ? t('cardTitle') : t('title')}
            </h1>
            <p className="mt-4 text-lead text-balance">{isByCard ? t('cardBody') : t('body')}</p>
            <p className="mt-2 text-balance text-mute">
              {t('held', { amount: format.moneyShort(view.heldMinor, view.currency) })}
            </p>
          </div>
          <StopCodeCard code={view.stopCode} />
        </div>
      }
      side={
        view.answerCode === null ? (
          <div className="kiosk-spare flex h-full items-end justify-center">
            <CarPlugged className="h-auto w-full" />
          </div>
        ) : (
          <CodePanel code={view.answerCode} caption={t('answerCaption')} />
        )
      }
    />
  )
}
