/** The whole page, by what is on the desk. */

import Link from 'next/link'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl/react'
import { ReceiptOrigin } from '@/components/driver/receipt-origin'
import { Button } from '@/components/ui/button'
import { Mark } from '@/components/ui/mark'
import { Notice } from '@/components/ui/notice'
import { Spinner } from '@/components/ui/spinner'
import { reasons } from '@/lib/core/reason-codes'
import { HandInForm, type Trouble } from './hand-in-form'
import { CheckList, ReceiptAmounts } from './receipt-parts'
import { VerdictPart } from './verdict-part'
import type { CheckedReceipt, UnreadableReceipt, VerifyView } from './verify-view'

export interface VerifyScreenProps {
  view: VerifyView
  rootChanged: boolean
  /** Pasted, or read from a file. */
  onCheck(text: string): void
  onSample(which: 'receipt' | 'forgedReceipt'): void
  onClear(): void
  onTakeRoot(): void
  /** What came of a try before: what the form opens with. */
  readonly firstTrouble?: Trouble
  /** The language switch, given its name. */
  languages(legend: string): ReactNode
}

export function VerifyScreen(props: VerifyScreenProps) {
  const { view } = props
  const t = useTranslations('verify')
  const common = useTranslations('common')
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-phone flex-col bg-paper px-5 pt-[env(safe-area-inset-top)] pb-[max(1.25rem,env(safe-area-inset-bottom))] text-ink">
      <header className="no-print flex min-h-16 items-center">
        <Link href="/" className="-mx-2 flex min-h-target items-center gap-2.5 rounded-card px-2">
          <Mark className="size-7" />
          <span className="text-lead font-bold">{common('appName')}</span>
        </Link>
      </header>
      <main className="flex flex-1 wrap-anywhere flex-col gap-6 pt-2 pb-8">
        {view.kind === 'checked' || view.kind === 'unreadable' ? null : (
          <div>
            <h1 className="text-title">{t('title')}</h1>
            <p className="mt-2 text-lead text-mute">{t('lead')}</p>
          </div>
        )}
        <Desk {...props} />
      </main>
      <footer className="no-print">{props.languages(common('language'))}</footer>
    </div>
  )
}

function Desk(props: VerifyScreenProps) {
  const t = useTranslations('verify')
  switch (props.view.kind) {
    case 'empty':
      return <HandInForm {...props} />
    case 'checking':
      return <Spinner awaited={t('checking')} usual={t('usual')} />
    case 'unreadable':
      return <Unreadable {...props} view={props.view} />
    case 'checked':
      return <Checked {...props} view={props.view} />
  }
}

function Unreadable({
  view,
  onCheck,
  onSample,
}: Pick<VerifyScreenProps, 'onCheck' | 'onSample'> & { readonly view: UnreadableReceipt }) {
  const t = useTranslations('verify')
  const common = useTranslations('common')
  return (
    <>
      <h1 className="text-title">{t('title')}</h1>
      <Notice
        urgent
        tone="bad"
        title={t('unreadable.title')}
        action={t(`unreadable.${view.why}`)}
        code={common('code', { code: reasons[view.code].code })}
      />
      <HandInForm onCheck={onCheck} onSample={onSample} />
    </>
  )
}

function Checked({
  view,
  rootChanged,
  onClear,
  onTakeRoot,
}: Pick<VerifyScreenProps, 'rootChanged' | 'onClear' | 'onTakeRoot'> & { readonly view: CheckedReceipt }) {
  const t = useTranslations('verify')
  return (
    <>
      <VerdictPart view={view} />
      {rootChanged ? (
        <Notice
          tone="plain"
          title={t('trust.changedTitle')}
          action={
            <>
              <p>{t('trust.changedAction')}</p>
              <Button wide className="mt-3 px-3!" onClick={onTakeRoot}>
                {t('trust.take')}
              </Button>
            </>
          }
        />
      ) : null}
      {view.verdict === 'refused' ? (
        <>
          <CheckList view={view} />
          <ReceiptAmounts view={view} />
        </>
      ) : (
        <>
          <ReceiptAmounts view={view} />
          <CheckList view={view} />
        </>
      )}
      <ReceiptOrigin facts={view.facts} />
      <Button wide className="no-print" onClick={onClear}>
        {t('another')}
      </Button>
    </>
  )
}
