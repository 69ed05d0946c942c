/** The frame of a console: a rail at the left (at the top of a narrow page), content no wider than a line of sight. */

import type { ReactNode } from 'react'
import { Mark } from '@/components/ui/mark'

export interface ConsoleFrameProps {
  /** What this console is called, under the mark. */
  readonly title: string
  /** Names the list of places for those who cannot see it. */
  readonly placesLabel: string
  readonly places: readonly { readonly id: string; readonly name: string; readonly icon: ReactNode }[]
  /** Language, light, sign-out. */
  readonly foot?: ReactNode
  readonly children: ReactNode
}

export function ConsoleFrame({ title, placesLabel, places, foot, children }: ConsoleFrameProps) {
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
      <header className="border-b border-line px-6 py-4 lg:sticky lg:top-0 lg:flex lg:h-dvh lg:flex-col lg:border-r lg:border-b-0 lg:px-5 lg:py-6">
        <p className="flex items-center gap-2.5">
          <Mark className="size-8 shrink-0" />
          <span className="leading-tight">
            <span className="block text-lead font-bold">Outpost</span>
            <span className="block text-note text-mute">{title}</span>
          </span>
        </p>
        {places.length === 0 ? null : (
          <nav aria-label={placesLabel} className="mt-3 lg:mt-8">
            <ul className="flex flex-wrap gap-1 lg:flex-col">
              {places.map(({ id, name, icon }) => (
                <li key={id}>
                  <a
                    href={`#${id}`}
                    className="flex min-h-target items-center gap-3 rounded-inner px-3 font-bold transition-colors hover:bg-line active:bg-line"
                  >
                    {icon}
                    {name}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        )}
        {foot === undefined ? null : <div className="mt-4 flex flex-col gap-3 lg:mt-auto">{foot}</div>}
      </header>
      <main className="mx-auto w-full max-w-console px-6 py-8 lg:px-10">{children}</main>
    </div>
  )
}
