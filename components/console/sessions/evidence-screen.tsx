/** Everything that stands behind one bill: what was checked, who told of it, what was signed, measured and booked. */

import ArrowLeft from 'lucide-react/icons/arrow-left'
import Download from 'lucide-react/icons/download'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { DefinitionRows } from '@/components/ui/definition-rows'
import { Notice } from '@/components/ui/notice'
import { useFormat } from '@/lib/format/use-format'
import { SectionHead } from '../section-head'
import { DisputeSection } from './dispute-section'
import { EvidenceBooks } from './evidence-books'
import { EvidenceChecks } from './evidence-checks'
import { EvidenceLog } from './evidence-log'
import { EvidenceMeter } from './evidence-meter'
import { EvidencePieces } from './evidence-pieces'
import { Reports, Timeline } from './evidence-story'
import { useDriverName } from './session-list'
import { SessionStateMark } from './session-state-mark'
import type { EvidenceActs, EvidenceView } from './sessions-view'

export interface EvidenceScreenProps {
  readonly view: EvidenceView
  readonly acts: EvidenceActs
}

const iconProps = { className: 'size-icon shrink-0', strokeWidth: 1.75, 'aria-hidden': true } as const

export function EvidenceScreen({ view, acts }: EvidenceScreenProps) {
  const t = useTranslations('consoleSessions.evidence')
  const disputes = useTranslations('consoleSessions.dispute')
  const { evidence, asOfS, nowS } = view
  const { currency } = evidence.session
  const section = (id: string, title: string, children: ReactNode) => (
    <section aria-labelledby={id} className="mb-10">
      <SectionHead id={id} title={title} asOfS={asOfS} nowS={nowS} />
      {children}
    </section>
  )
  return (
    <>
      <Button kind="quiet" className="-ml-6" icon={<ArrowLeft {...iconProps} />} onClick={acts.onBack}>
        {t('back')}
      </Button>
      <Head view={view} acts={acts} />
      <div className="grid gap-x-10 lg:grid-cols-2">
        <div className="min-w-0">
          {section(
            'checks',
            t('checks'),
            <EvidenceChecks checks={evidence.checks} rootKey={evidence.rootKey} />,
          )}
          {section('reports', t('reports'), <Reports reports={evidence.reports} nowS={nowS} />)}
          {section('dispute', disputes('title'), <DisputeSection view={view} acts={acts} />)}
        </div>
        <div className="min-w-0">
          {section('timeline', t('timeline'), <Timeline moments={evidence.timeline} />)}
          {section('meter', t('meter'), <EvidenceMeter meter={evidence.meter} onSave={acts.onSaveBytes} />)}
        </div>
      </div>
      {section(
        'books',
        t('books'),
        <EvidenceBooks transfers={evidence.transfers} currency={currency} nowS={nowS} />,
      )}
      {section(
        'pieces',
        t('pieces'),
        <EvidencePieces pieces={evidence.pieces} currency={currency} onSave={acts.onSaveBytes} />,
      )}
      {section('log', t('log'), <EvidenceLog log={evidence.log} />)}
    </>
  )
}

function Head({ view: { evidence, asOfS, nowS, isStale }, acts }: EvidenceScreenProps) {
  const t = useTranslations('consoleSessions.evidence')
  const column = useTranslations('consoleSessions.column')
  const console = useTranslations('console')
  const format = useFormat()
  const nameOf = useDriverName()
  const { session } = evidence
  const money = (amountMinor: number): string => format.money(amountMinor, session.currency)
  return (
    <>
      <div className="mt-2 mb-6 flex flex-wrap items-start justify-between gap-4">
        <div className="min-w-0">
          <h1 className="text-title [overflow-wrap:anywhere]">{nameOf(session)}</h1>
          <p className="text-mute">
            {format.timestamp(session.authorizedAtS)}
            {session.siteLabel === null ? '' : ` · ${session.siteLabel} · ${session.bayLabel ?? ''}`}
          </p>
          <SessionStateMark state={session.state} />
        </div>
        <Button icon={<Download {...iconProps} />} onClick={acts.onSaveAll}>
          {t('download')}
        </Button>
      </div>
      {isStale ? (
        <div className="mb-6">
          <Notice
            tone="offline"
            title={console('stale.title')}
            action={console('stale.action', { when: format.moment(asOfS, nowS) })}
          />
        </div>
      ) : null}
      {evidence.isForgotten ? (
        <div className="mb-6">
          <Notice tone="plain" title={t('forgotten')} />
        </div>
      ) : null}
      <div className="mb-10 max-w-measure">
        <DefinitionRows
          rows={[
            {
              name: column('energy'),
              value: session.energyWh === null ? '–' : format.energyExact(session.energyWh),
            },
            { name: column('held'), value: money(session.holdMinor) },
            ...(session.refundedMinor === 0
              ? []
              : [{ name: t('refunded'), value: money(session.refundedMinor) }]),
            ...(session.taxMinor === null ? [] : [{ name: t('tax'), value: money(session.taxMinor) }]),
            {
              name: column('charged'),
              value: session.totalMinor === null ? '–' : money(session.totalMinor),
              strong: true,
            },
            ...(session.vehicle === null ? [] : [{ name: column('vehicle'), value: session.vehicle.plate }]),
            { name: t('charger'), value: session.chargerId ?? '–' },
            { name: t('session'), value: session.sessionId, breakAll: true },
          ]}
        />
      </div>
    </>
  )
}
