/** Where one is, what state the bay is in, and whether there is a link (there need not be). */

import Cloud from 'lucide-react/icons/cloud'
import CloudOff from 'lucide-react/icons/cloud-off'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { classNames } from '@/components/ui/class-names'
import { tariffLines, type TariffFigures } from '@/lib/format/tariff-lines'
import { useFormat } from '@/lib/format/use-format'
import { kioskStates, type KioskStateName, type StateTone } from './kiosk-states'
import type { ChromeView } from './kiosk-view'

/** Before this a controller cannot have been built: its clock is not set, and no time is better than a wrong one. */
const clockIsSetAfterS = 1_700_000_000

export interface HeadBarProps {
  readonly view: ChromeView
  /** The choice of bays, where it stands up here; it names the bay. */
  readonly choice: ReactNode
}

export function HeadBar({ view, choice }: HeadBarProps) {
  const t = useTranslations('kiosk')
  const format = useFormat()
  return (
    <header className="flex min-h-[calc(var(--u)*78)] min-w-0 items-center justify-between gap-x-7 border-b border-line px-(--gutter) py-1.5">
      {choice ?? (
        <p className="kiosk-place">
          <strong className="text-lead leading-[1.15] whitespace-nowrap">
            {t('bay', { bay: view.bayLabel })}
          </strong>
          <span className="max-w-full truncate text-note text-mute">{view.siteLabel}</span>
        </p>
      )}
      <div className="ml-auto flex shrink-0 items-center gap-x-7">
        <div className={classNames('kiosk-status', choice !== null && 'kiosk-across')}>
          {view.tariff === null ? null : <EnergyPrice tariff={view.tariff} />}
          <Uplink uplink={view.uplink} />
        </div>
        {view.nowS > clockIsSetAfterS ? (
          <span className="kiosk-across text-note text-mute tabular">{format.clock(view.nowS)}</span>
        ) : null}
        <StateWord state={view.state} />
      </div>
    </header>
  )
}

function EnergyPrice({ tariff }: { readonly tariff: TariffFigures }) {
  const t = useTranslations('kiosk.price')
  const format = useFormat()
  const [first] = tariffLines(tariff)
  if (first === undefined || first.kind === 'idle') return null
  return (
    <span className="text-note leading-[1.2] whitespace-nowrap">
      <strong className="tabular">{format.rate(first.rate, tariff.currency)}</strong> {t(first.kind)}
    </span>
  )
}

function Uplink({ uplink }: Pick<ChromeView, 'uplink'>) {
  const t = useTranslations('kiosk.uplink')
  const Icon = uplink === 'online' ? Cloud : CloudOff
  return (
    <span className="flex items-center gap-2 text-note leading-[1.2] whitespace-nowrap text-offline">
      <Icon className="size-[1.15em] shrink-0" strokeWidth={1.75} aria-hidden="true" />
      {t(uplink)}
    </span>
  )
}

const tones = {
  plain: 'border-edge text-ink',
  good: 'border-good text-good',
  amber: 'border-amber bg-amber text-on-amber',
  bad: 'border-bad text-bad',
  calm: 'border-offline text-offline',
} as const satisfies Record<StateTone, string>

function StateWord({ state }: { readonly state: KioskStateName }) {
  const t = useTranslations('kiosk.states')
  const { icon: Icon, tone } = kioskStates[state]
  return (
    <span
      role="status"
      className={classNames(
        'inline-flex items-center gap-2.5 rounded-full whitespace-nowrap border-[calc(var(--u)*2)] py-1.5 pr-5 pl-4 font-bold',
        tones[tone],
      )}
    >
      <Icon className="size-[1.15em] shrink-0" strokeWidth={1.75} aria-hidden="true" />
      {t(state)}
    </span>
  )
}
