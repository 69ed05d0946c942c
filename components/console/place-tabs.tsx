/** Two or more lists of one place, as links: each has its own address, and a new tab is the browser's own affair. */

import type { ComponentType } from 'react'
import { classNames } from '@/components/ui/class-names'

export interface PlaceTab<Kind extends string> {
  readonly kind: Kind
  readonly href: string
  readonly title: string
  readonly Icon: ComponentType<{ readonly className?: string; readonly strokeWidth?: number }>
}

export interface PlaceTabsProps<Kind extends string> {
  /** What the tabs choose between. */
  readonly label: string
  readonly tabs: readonly PlaceTab<Kind>[]
  readonly here: Kind
  onKind(kind: Kind): void
}

export function PlaceTabs<Kind extends string>({ label, tabs, here, onKind }: PlaceTabsProps<Kind>) {
  return (
    <nav aria-label={label} className="mb-6 border-b border-line">
      <ul className="flex flex-wrap gap-x-2">
        {tabs.map(({ kind, href, title, Icon }) => (
          <li key={kind}>
            <a
              href={href}
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
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
