/** A refusal in full: what happened, whether money moved, what to do, and the code to name. */

import CircleAlert from 'lucide-react/icons/circle-alert'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { reasonText } from '@/lib/format/reason-text'
import { CodePanel } from './code-panel'
import type { RefusedView } from './kiosk-view'
import { Split } from './split'

export function RefusedStage({ view, onAgain }: { readonly view: RefusedView; onAgain(): void }) {
  const t = useTranslations('kiosk.refused')
  const words = reasonText(view.refusal, useTranslations('reasons'))
  return (
    <div role="alert" className="flex h-full flex-col gap-y-4">
      <p className="flex items-center gap-x-3 font-bold text-bad">
        <CircleAlert className="size-icon shrink-0" strokeWidth={1.75} aria-hidden="true" />
        {t('title')}
        <span className="ml-auto font-normal text-mute tabular">{words.code}</span>
      </p>
      <h1 className="text-title leading-[1.1] font-bold tracking-[-0.01em]">{words.title}</h1>
      <p className="text-lead">
        <strong>{words.moneyText}</strong> {words.action}
      </p>
      <div className="mt-auto">
        <Button onClick={onAgain}>{t('again')}</Button>
      </div>
    </div>
  )
}

/** The same on its own, where no offer stands behind it. */
export function RefusedScreen({ view, onAgain }: { readonly view: RefusedView; onAgain(): void }) {
  const t = useTranslations('kiosk.refused')
  return (
    <Split
      subject={view.refusal.code}
      stage={<RefusedStage view={view} onAgain={onAgain} />}
      {...(view.answerCode === null
        ? {}
        : { side: <CodePanel code={view.answerCode} caption={t('declineCaption')} /> })}
    />
  )
}
