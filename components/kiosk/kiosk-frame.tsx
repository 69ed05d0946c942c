/** Head, body and foot of every kiosk screen. The foot never moves: Help, language and Stop are always where they were. */

import type { ReactNode } from 'react'
import { BayChoice } from './bay-choice'
import { FootBar } from './foot-bar'
import { HeadBar } from './head-bar'
import './kiosk.css'
import type { ChromeEvents, ChromeView } from './kiosk-view'

export interface KioskFrameProps extends ChromeEvents {
  readonly view: ChromeView
  readonly children: ReactNode
  /** A question that stands before everything else. */
  readonly dialog?: ReactNode
}

export function KioskFrame({ view, children, dialog, ...events }: KioskFrameProps) {
  const { low, large } = view.ease
  const choice = view.bays.length > 1 ? <BayChoice bays={view.bays} onBay={events.onBay} /> : null
  return (
    <div className="kiosk-frame">
      <div className="kiosk-ground" data-low={low} data-large={large}>
        <HeadBar view={view} choice={low ? null : choice} />
        <main className="kiosk-letters min-h-0">{children}</main>
        {low && choice !== null ? <div className="px-(--gutter) pb-3">{choice}</div> : null}
        <FootBar view={view} {...events} />
        {dialog}
      </div>
    </div>
  )
}
