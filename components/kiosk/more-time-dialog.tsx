/** Asked before a personal screen clears itself. */

import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'

export interface MoreTimeProps {
  readonly secondsLeft: number
  onMore(): void
  onLeave(): void
}

export function MoreTimeDialog({ secondsLeft, onMore, onLeave }: MoreTimeProps) {
  const t = useTranslations('kiosk.moreTime')
  return (
    <div
      role="alertdialog"
      aria-modal="true"
      aria-labelledby="more-time-title"
      aria-describedby="more-time-body"
      className="kiosk-question kiosk-letters arrive absolute inset-0 z-10 flex items-center justify-center bg-paper/90 px-(--gutter)"
    >
      <div className="flex w-[calc(var(--u)*680)] flex-col gap-y-6 rounded-card border border-edge bg-card p-10">
        <div>
          <h2
            id="more-time-title"
            className="text-[length:var(--text-words)] leading-[1.05] font-bold tracking-[-0.02em]"
          >
            {t('title')}
          </h2>
          <p id="more-time-body" className="mt-3 text-lead text-mute tabular">
            {t('body', { seconds: secondsLeft })}
          </p>
        </div>
        <div className="flex flex-col gap-y-4">
          <Button kind="primary" wide onClick={onMore} autoFocus>
            {t('yes')}
          </Button>
          <Button wide onClick={onLeave}>
            {t('no')}
          </Button>
        </div>
      </div>
    </div>
  )
}
