/** Which app this is, whom it believes, and a report that a support person can read. */

import ClipboardCopy from 'lucide-react/icons/clipboard-copy'
import ShareIcon from 'lucide-react/icons/share-2'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { DefinitionRows } from '@/components/ui/definition-rows'
import { Mark } from '@/components/ui/mark'
import { Notice } from '@/components/ui/notice'
import { useFormat } from '@/lib/format/use-format'
import { Screen, SectionHead } from './screen'

export interface AboutView {
  readonly version: string
  /** Null in builds that do not say. */
  readonly builtAtS: number | null
  readonly trust: {
    readonly operator: string
    readonly rootId: string
    readonly sequence: number
    readonly timeS: number
    readonly issuers: readonly {
      readonly id: string
      readonly notBeforeS: number
      readonly notAfterS: number
    }[]
    readonly policySequence: number
    readonly revocationEpoch: number
    readonly revocationsAtS: number
    readonly revokedCount: number
  } | null
  /** Null while it is being gathered. */
  readonly report: string | null
  readonly copied: boolean
  readonly canShare: boolean
  readonly nowS: number
}

export interface AboutProps {
  readonly view: AboutView
  onCopy(): void
  onShare(): void
  onBack(): void
}

export function AboutScreen(props: AboutProps) {
  const { view, onBack } = props
  const t = useTranslations('driver.about')
  const format = useFormat()
  return (
    <Screen title={t('title')} onBack={onBack}>
      <div className="flex items-center gap-4">
        <Mark className="size-12 shrink-0" />
        <p>
          <span className="block text-lead font-bold">Outpost {view.version}</span>
          <span className="text-mute">
            {view.builtAtS === null
              ? t('builtUnknown')
              : t('built', { when: format.timestamp(view.builtAtS) })}
          </span>
        </p>
      </div>
      <p>{t('lead')}</p>
      <Trust view={view} />
      <Report {...props} />
    </Screen>
  )
}

function Trust({ view: { trust, nowS } }: Pick<AboutProps, 'view'>) {
  const t = useTranslations('driver.about')
  const format = useFormat()
  if (trust === null) {
    return (
      <section>
        <SectionHead>{t('trust')}</SectionHead>
        <Notice tone="offline" title={t('noTrust')} action={t('noTrustMeans')} />
      </section>
    )
  }
  return (
    <section>
      <SectionHead>{t('trust')}</SectionHead>
      <DefinitionRows
        rows={[
          { name: t('operator'), value: trust.operator },
          { name: t('root'), note: t('rootNote'), value: trust.rootId },
          {
            name: t('list'),
            note: t('asOf', { age: format.age(trust.timeS, nowS) }),
            value: t('sequence', { number: trust.sequence }),
          },
          ...trust.issuers.map(({ id, notBeforeS, notAfterS }) => ({
            name: t(notAfterS < nowS ? 'issuerPast' : notBeforeS > nowS ? 'issuerFuture' : 'issuer'),
            note: t('valid', { from: format.day(notBeforeS), to: format.day(notAfterS) }),
            value: id,
          })),
          { name: t('policy'), value: t('sequence', { number: trust.policySequence }) },
          {
            name: t('revocations'),
            note: t('revocationsNote', {
              age: format.age(trust.revocationsAtS, nowS),
              count: trust.revokedCount,
            }),
            value: t('epoch', { number: trust.revocationEpoch }),
          },
        ]}
      />
    </section>
  )
}

function Report({ view, onCopy, onShare }: AboutProps) {
  const t = useTranslations('driver.about')
  const common = useTranslations('common')
  const icon = 'size-icon shrink-0'
  return (
    <section className="flex flex-col gap-3">
      <SectionHead>{t('report')}</SectionHead>
      <p className="text-mute">{t('reportNote')}</p>
      <pre
        tabIndex={0}
        role="region"
        aria-label={t('report')}
        lang="en"
        className="max-h-96 overflow-auto rounded-card border border-line bg-card p-3 text-note whitespace-pre-wrap wrap-anywhere"
      >
        {view.report ?? t('gathering')}
      </pre>
      <div className="grid grid-cols-[repeat(auto-fit,minmax(8.5rem,1fr))] gap-2">
        <Button
          className="px-2!"
          disabled={view.report === null}
          icon={<ClipboardCopy className={icon} strokeWidth={1.75} aria-hidden="true" />}
          onClick={onCopy}
        >
          <span role="status">{common(view.copied ? 'copied' : 'copy')}</span>
        </Button>
        {view.canShare ? (
          <Button
            className="px-2!"
            disabled={view.report === null}
            icon={<ShareIcon className={icon} strokeWidth={1.75} aria-hidden="true" />}
            onClick={onShare}
          >
            {common('share')}
          </Button>
        ) : null}
      </div>
    </section>
  )
}
