/** The frame of every driver screen: the way back in the same corner, one column, the act at the foot. */

import ArrowLeft from 'lucide-react/icons/arrow-left'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl/react'
import { IconButton } from '@/components/ui/icon-button'
import { Steps } from '@/components/ui/steps'

export interface ScreenProps {
  /** The heading; left out where a figure is the heading. */
  readonly title?: ReactNode
  /** Null where there is no way back. */
  readonly onBack: (() => void) | null
  /** Which of scan · approve · show is under way. */
  readonly ceremonyStep?: 0 | 1 | 2
  /** Right of the way back. */
  readonly trailing?: ReactNode
  readonly foot?: ReactNode
  readonly children?: ReactNode
}

export function Screen({ title, onBack, ceremonyStep, trailing, foot, children }: ScreenProps) {
  const common = useTranslations('common')
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-phone flex-col bg-paper px-5 pt-[env(safe-area-inset-top)] text-ink">
      <header className="no-print flex min-h-16 items-center justify-between gap-2">
        {onBack === null ? (
          <span />
        ) : (
          <IconButton
            label={common('back')}
            onClick={onBack}
            className="-ml-3"
            icon={<ArrowLeft className="size-6" strokeWidth={1.75} aria-hidden="true" />}
          />
        )}
        {ceremonyStep === undefined ? null : <CeremonySteps current={ceremonyStep} />}
        {trailing}
      </header>
      <main className="flex flex-1 flex-col gap-5 pt-2 pb-6">
        {title === undefined ? null : <h1 className="text-title">{title}</h1>}
        {children}
      </main>
      {foot === undefined ? null : <Foot>{foot}</Foot>}
    </div>
  )
}

/** Sticks while the page is tall enough to spare the room; on a page enlarged to 200 % it scrolls with the rest. */
export function Foot({ children }: { readonly children: ReactNode }) {
  return (
    <footer className="no-print relative flex flex-col gap-2 bg-paper before:pointer-events-none before:absolute before:inset-x-0 before:bottom-full before:h-6 before:bg-linear-to-t before:from-paper before:to-transparent pt-2 pb-[max(1.25rem,env(safe-area-inset-bottom))] [@media(min-height:34rem)]:sticky [@media(min-height:34rem)]:bottom-0">
      {children}
    </footer>
  )
}

export function CeremonySteps({ current }: { readonly current: 0 | 1 | 2 }) {
  const t = useTranslations('driver.steps')
  return (
    <div className="flex-1 pt-1">
      <Steps label={t('label')} steps={[t('scan'), t('approve'), t('show')]} current={current} />
    </div>
  )
}

/** A heading inside a screen. */
export function SectionHead({
  children,
  trailing,
}: {
  readonly children: ReactNode
  readonly trailing?: ReactNode
}) {
  return (
    <div className="flex min-h-8 items-center justify-between gap-4">
      <h2 className="text-body font-bold">{children}</h2>
      {trailing}
    </div>
  )
}
