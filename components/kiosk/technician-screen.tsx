/** Technician mode: its pages, what the last act came to, and the way out, always in the same place. */

import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { classNames } from '@/components/ui/class-names'
import { reasonText } from '@/lib/format/reason-text'
import './technician.css'
import { TechnicianBays } from './technician-bays'
import { TechnicianCounters } from './technician-counters'
import { TechnicianHealth } from './technician-health'
import { TechnicianLog } from './technician-log'
import { TechnicianSeals } from './technician-seals'
import { TechnicianTools } from './technician-tools'
import type { TechnicianEvents, TechnicianView } from './technician-view'

export const technicianTabs = ['health', 'counters', 'log', 'bays', 'seals', 'tools'] as const
export type TechnicianTab = (typeof technicianTabs)[number]

export interface TechnicianScreenProps extends TechnicianEvents {
  readonly view: TechnicianView
  readonly bundleHref?: string | null
  readonly firstTab?: TechnicianTab
}

export function TechnicianScreen({ view, bundleHref = null, firstTab, onAct }: TechnicianScreenProps) {
  const t = useTranslations('kiosk.technician')
  const { diagnostics, service } = view.rights
  const allowed = technicianTabs.filter((tab) =>
    tab === 'seals' ? service : tab === 'bays' ? true : diagnostics,
  )
  const [chosen, setChosen] = useState<TechnicianTab>(firstTab ?? 'health')
  const tab = allowed.includes(chosen) ? chosen : (allowed[0] ?? 'bays')
  return (
    <div className="technician arrive">
      <div className="technician-tabs">
        {allowed.map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={one === tab}
            onClick={() => setChosen(one)}
            className={classNames(
              'min-h-target min-w-0 cursor-pointer rounded-card border px-1 font-bold',
              one === tab ? 'border-ink bg-ink text-paper' : 'border-edge bg-card text-ink',
            )}
          >
            {t(`tabs.${one}`)}
          </button>
        ))}
        <button
          type="button"
          onClick={() => onAct({ kind: 'leave' })}
          className="min-h-target min-w-0 cursor-pointer rounded-card border border-bad px-1 font-bold text-bad"
        >
          {t('end')}
        </button>
      </div>
      <Told view={view} />
      <div className="kiosk-stage min-h-0">
        <Page tab={tab} view={view} bundleHref={bundleHref} onAct={onAct} />
      </div>
    </div>
  )
}

type PageProps = Required<Pick<TechnicianScreenProps, 'view' | 'bundleHref' | 'onAct'>> & {
  readonly tab: TechnicianTab
}

function Page({ tab, view, bundleHref, onAct }: PageProps) {
  switch (tab) {
    case 'health':
      return <TechnicianHealth view={view} />
    case 'counters':
      return <TechnicianCounters view={view} />
    case 'log':
      return <TechnicianLog view={view} onAct={onAct} />
    case 'bays':
      return <TechnicianBays view={view} onAct={onAct} />
    case 'seals':
      return <TechnicianSeals view={view} onAct={onAct} />
    case 'tools':
      return <TechnicianTools view={view} bundleHref={bundleHref} onAct={onAct} />
  }
}

/** One line: who is in and for how long, until an act has something to say. */
function Told({ view }: { readonly view: TechnicianView }) {
  const t = useTranslations('kiosk.technician')
  const translate = useTranslations('reasons')
  const { notice } = view
  if (notice !== null && notice.outcome !== 'done' && notice.refusal !== null) {
    const words = reasonText(notice.refusal, translate)
    return (
      <p role="alert" className="truncate font-bold text-bad">
        {words.title} <span className="font-normal tabular">{words.code}</span>
      </p>
    )
  }
  if (notice !== null && notice.findings.length > 0) {
    return (
      <p role="alert" className="truncate font-bold text-bad">
        {t('findings', { findings: notice.findings.join(', ') })}
      </p>
    )
  }
  return (
    <p role="status" className="truncate text-mute tabular">
      {notice === null
        ? t('pass', { serial: view.serial })
        : t(`acts.${notice.act}.${notice.outcome === 'busy' ? 'busy' : 'done'}`)}
      {' · '}
      {t('left', { minutes: Math.max(1, Math.ceil(view.leftS / 60)) })}
    </p>
  )
}
