/** Head, body and foot of every kiosk screen. The foot never moves: Help, language and Stop are always where they were. */

import type { ReactNode } from 'react'
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
  return (
    <div className="kiosk-frame">
      <div className="kiosk-ground">
        <HeadBar view={view} onBay={events.onBay} />
        <main className="min-h-0">{children}</main>
        <FootBar canStop={view.canStop} {...events} />
        {dialog}
      </div>
    </div>
  )
}
