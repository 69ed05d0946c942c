/** A refusal in full: what happened, whether money moved, what to do, and the code to name. */

import CircleAlert from 'lucide-react/icons/circle-alert'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { reasonText } from '@/lib/format/reason-text'
import { CodePanel } from './code-panel'
import type { RefusedView } from './kiosk-view'
import { Split } from './split'

export function RefusedStage({ view }: { readonly view: RefusedView }) {
  const t = useTranslations('kiosk.refused')
  const words = reasonText(view.refusal, useTranslations('reasons'))
  return (
    <div role="alert" className="flex flex-col gap-y-3">
      <p className="flex items-center gap-x-3 font-bold text-bad">
        <CircleAlert className="size-icon shrink-0" strokeWidth={1.75} aria-hidden="true" />
        {t('title')}
        <span className="ml-auto font-normal text-mute tabular">{words.code}</span>
      </p>
      <h1 className="text-[length:calc(var(--u)*38)] leading-[1.15] font-bold tracking-[-0.01em] text-pretty">
        {words.title}
      </h1>
      <p>
        <strong>{words.moneyText}</strong> {words.action}
      </p>
    </div>
  )
}

/** The same on its own, where no offer stands behind it. */
export function RefusedScreen({ view, onAgain }: { readonly view: RefusedView; onAgain(): void }) {
  const t = useTranslations('kiosk.refused')
  return (
    <Split
      subject={view.refusal.code}
      stage={
        <div className="flex h-full flex-col justify-between gap-y-5">
          <RefusedStage view={view} />
          <div>
            <Button onClick={onAgain}>{t('again')}</Button>
          </div>
        </div>
      }
      {...(view.answerCode === null
        ? {}
        : { side: <CodePanel code={view.answerCode} caption={t('declineCaption')} /> })}
    />
  )
}
