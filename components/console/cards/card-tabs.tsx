/** Cards for chargers' readers, or cards on paper, as links: each list has its own address. */

import Nfc from 'lucide-react/icons/nfc'
import Printer from 'lucide-react/icons/printer'
import { useTranslations } from 'use-intl/react'
import { classNames } from '@/components/ui/class-names'
import { cardKinds, type CardKind } from './cards-view'

export interface CardTabsProps {
  readonly kind: CardKind
  onKind(kind: CardKind): void
}

const titles = { reader: 'kind.reader', printed: 'kind.printed' } as const
const icons = { reader: Nfc, printed: Printer } as const

export function CardTabs({ kind: here, onKind }: CardTabsProps) {
  const t = useTranslations('consoleCards')
  return (
    <nav aria-label={t('tabs')} className="mb-6 border-b border-line">
      <ul className="flex flex-wrap gap-x-2">
        {cardKinds.map((kind) => {
          const Icon = icons[kind]
          return (
            <li key={kind}>
              <a
                href={kind === 'reader' ? '/fleet/cards' : `/fleet/cards?kind=${kind}`}
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
                {t(titles[kind])}
              </a>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
