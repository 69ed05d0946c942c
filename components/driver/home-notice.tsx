/** One thing worth knowing on Home, with what can be done about it. */

import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import type { CurrencySum } from '@/lib/format/history/months'
import { useFormat } from '@/lib/format/use-format'

export type HomeNotice =
  | {
      readonly kind: 'missing-receipt' | 'no-answer'
      readonly sessionId: string
      readonly siteLabel: string
      readonly bayLabel: string
      readonly sinceS: number
    }
  | {
      readonly kind: 'settled'
      readonly count: number
      readonly siteLabel: string
      /** One sum for each currency, the one of most receipts first; never a sum across two. */
      readonly sums: readonly CurrencySum[]
    }
  | {
      readonly kind: 'low'
      readonly leftMinor: number
      /** What the last sessions cost, or null where there are too few. */
      readonly usualMinor: number | null
      readonly currency: string
    }

export interface HomeNoticeProps {
  readonly notice: HomeNotice
  readonly nowS: number
  /** The session that the screen's foot opens already, or null. */
  readonly footSessionId: string | null
  onOpenSession(sessionId: string): void
  onAddFunds(): void
  onDismiss(): void
}

export function HomeNoticePart(props: HomeNoticeProps) {
  const { notice } = props
  const t = useTranslations('driver.home')
  const dismiss = (
    <Button kind="quiet" className="px-3!" onClick={props.onDismiss}>
      {t('noticeDismiss')}
    </Button>
  )
  switch (notice.kind) {
    case 'missing-receipt':
    case 'no-answer':
      return <Late {...props} notice={notice} />
    case 'settled':
      return <Settled notice={notice} dismiss={dismiss} />
    case 'low':
      return <Low notice={notice} onAddFunds={props.onAddFunds} dismiss={dismiss} />
  }
}

type Of<Kind extends HomeNotice['kind']> = Extract<HomeNotice, { kind: Kind }>

function Late({
  notice,
  nowS,
  footSessionId,
  onOpenSession,
}: HomeNoticeProps & { readonly notice: Of<'missing-receipt' | 'no-answer'> }) {
  const t = useTranslations('driver.home')
  const format = useFormat()
  const about = {
    site: notice.siteLabel,
    bay: notice.bayLabel,
    when: format.moment(notice.sinceS, nowS),
  }
  const isMissing = notice.kind === 'missing-receipt'
  return (
    <Notice
      tone="plain"
      title={t(isMissing ? 'missingTitle' : 'answerTitle')}
      action={
        <>
          <p>{t(isMissing ? 'missingText' : 'answerText', about)}</p>
          {notice.sessionId === footSessionId ? null : (
            <Button kind="secondary" className="mt-2" onClick={() => onOpenSession(notice.sessionId)}>
              {t('missingAct')}
            </Button>
          )}
        </>
      }
    />
  )
}

function Settled({ notice, dismiss }: { readonly notice: Of<'settled'>; readonly dismiss: React.ReactNode }) {
  const t = useTranslations('driver.home')
  const format = useFormat()
  const { count, sums, siteLabel } = notice
  const amounts = sums.map(({ currency, amountMinor }) => format.money(amountMinor, currency))
  const [amount = ''] = amounts
  return (
    <Notice
      tone="good"
      title={t('settledTitle', { count })}
      action={
        <div className="flex flex-wrap items-center justify-between gap-2">
          {amounts.length > 1 ? (
            <div className="min-w-0 flex-1 basis-48">
              <ul className="font-bold text-ink tabular">
                {amounts.map((text) => (
                  <li key={text}>{text}</li>
                ))}
              </ul>
              <p>{t('settledTextMany')}</p>
            </div>
          ) : (
            <p className="min-w-0 flex-1 basis-48">
              {count === 1 ? t('settledTextOne', { site: siteLabel, amount }) : t('settledText', { amount })}
            </p>
          )}
          {dismiss}
        </div>
      }
    />
  )
}

interface LowProps {
  readonly notice: Of<'low'>
  readonly dismiss: React.ReactNode
  onAddFunds(): void
}

function Low({ notice, dismiss, onAddFunds }: LowProps) {
  const t = useTranslations('driver.home')
  const format = useFormat()
  const amount = format.money(notice.leftMinor, notice.currency)
  return (
    <Notice
      tone="plain"
      title={t('lowTitle')}
      action={
        <>
          <p>
            {notice.usualMinor === null
              ? t('lowTextFixed', { amount })
              : t('lowText', { amount, usual: format.money(notice.usualMinor, notice.currency) })}
          </p>
          <div className="mt-2 flex flex-wrap gap-2">
            <Button kind="secondary" onClick={onAddFunds}>
              {t('lowAct')}
            </Button>
            {dismiss}
          </div>
        </>
      }
    />
  )
}
