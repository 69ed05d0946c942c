/** Drivers or vehicles, as links: each list has its own address. */

import Car from 'lucide-react/icons/car'
import IdCard from 'lucide-react/icons/id-card'
import { useTranslations } from 'use-intl/react'
import { classNames } from '@/components/ui/class-names'
import { rosterKinds, type RosterKind } from './drivers-view'

export interface RosterTabsProps {
  readonly kind: RosterKind
  onKind(kind: RosterKind): void
}

const icons = { drivers: IdCard, vehicles: Car } as const

export function RosterTabs({ kind: here, onKind }: RosterTabsProps) {
  const t = useTranslations('consoleDrivers')
  return (
    <nav aria-label={t('tabs')} className="mb-6 border-b border-line">
      <ul className="flex gap-2">
        {rosterKinds.map((kind) => {
          const Icon = icons[kind]
          return (
            <li key={kind}>
              <a
                href={kind === 'drivers' ? '/fleet/drivers' : `/fleet/drivers?kind=${kind}`}
                aria-current={kind === here ? 'page' : undefined}
                onClick={(event) => {
                  if (event.metaKey || event.ctrlKey || event.shiftKey) return
                  event.preventDefault()
                  onKind(kind)
                }}
                className={classNames(
                  '-mb-px flex min-h-target items-center gap-2 border-b-4 px-3',
                  kind === here ? 'border-ink font-bold' : 'border-transparent text-mute hover:border-edge',
                )}
              >
                <Icon className="size-icon shrink-0" strokeWidth={1.75} aria-hidden="true" />
                {t(`${kind}.title`)}
              </a>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
