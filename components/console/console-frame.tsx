/** The frame of a console: a rail at the left (at the top of a narrow page), content no wider than a line of sight. */

import type { MouseEvent, ReactNode } from 'react'
import { classNames } from '@/components/ui/class-names'
import { Mark } from '@/components/ui/mark'

export interface ConsolePlace {
  readonly href: string
  readonly name: string
  readonly icon: ReactNode
  readonly isHere: boolean
}

export interface ConsoleFrameProps {
  /** What this console is called, under the mark. */
  readonly title: string
  /** Names the list of places for those who cannot see it. */
  readonly placesLabel: string
  readonly places: readonly ConsolePlace[]
  /** Below the mark: for which organisation. */
  readonly head?: ReactNode
  /** Language, light, sign-out. */
  readonly foot?: ReactNode
  readonly children: ReactNode
  /** Goes to a place without loading the document again; left out where there are no places. */
  onGo?(href: string): void
}

/** With a key held, or another button, the person wants a tab or a file of it: that is the browser's. */
const isPlain = (event: MouseEvent): boolean =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey

/** On a narrow page the places stand in a row that is longer than the page: the one that is open comes to its middle. */
function bringIntoRow(link: HTMLAnchorElement | null): void {
  const row = link?.closest('ul') ?? null
  if (link === null || row === null || row.scrollWidth <= row.clientWidth) return
  const [inRow, itself] = [row.getBoundingClientRect(), link.getBoundingClientRect()]
  row.scrollLeft += itself.left - inRow.left - (inRow.width - itself.width) / 2
}

export function ConsoleFrame({ title, placesLabel, places, head, foot, children, onGo }: ConsoleFrameProps) {
  const go = (event: MouseEvent, href: string): void => {
    if (onGo === undefined || !isPlain(event)) return
    event.preventDefault()
    onGo(href)
  }
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
      <header className="border-b border-line px-6 py-4 lg:sticky lg:top-0 lg:flex lg:h-dvh lg:flex-col lg:overflow-y-auto lg:border-r lg:border-b-0 lg:px-5 lg:py-6">
        <p className="flex items-center gap-2.5">
          <Mark className="size-8 shrink-0" />
          <span className="leading-tight">
            <span className="block text-lead font-bold">Outpost</span>
            <span className="block text-note text-mute">{title}</span>
          </span>
        </p>
        {head === undefined ? null : <div className="mt-4">{head}</div>}
        {places.length === 0 ? null : (
          <nav aria-label={placesLabel} className="mt-3 lg:mt-6">
            <ul className="flex gap-1 max-lg:overflow-x-auto lg:flex-col">
              {places.map(({ href, name, icon, isHere }) => (
                <li key={href}>
                  <a
                    ref={isHere ? bringIntoRow : null}
                    href={href}
                    aria-current={isHere ? 'page' : undefined}
                    onClick={(event) => go(event, href)}
                    className={classNames(
                      'flex min-h-target items-center gap-3 rounded-inner border px-3 font-bold whitespace-nowrap transition-colors',
                      isHere ? 'border-ink bg-card' : 'border-transparent hover:bg-line active:bg-line',
                    )}
                  >
                    {icon}
                    {name}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        )}
        {foot === undefined ? null : (
          <div className="mt-4 flex flex-col gap-3 lg:mt-auto lg:pt-6">{foot}</div>
        )}
      </header>
      <main className="mx-auto w-full max-w-console px-6 py-8 lg:px-10">{children}</main>
    </div>
  )
}
