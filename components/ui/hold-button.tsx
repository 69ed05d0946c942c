/** A destructive act that has to be held, so that a touch in passing does nothing. Works with the keyboard too. */

import type { CSSProperties, ReactNode } from 'react'
import { useRef, useState } from 'react'
import { buttonClass } from './button'
import { classNames } from './class-names'

export interface HoldButtonProps {
  readonly children: ReactNode
  /** Says under the button that it must be held. */
  readonly hint: string
  readonly holdMs?: number
  readonly wide?: boolean
  onHeld(): void
}

const actKeys = new Set([' ', 'Enter'])

export function HoldButton({ children, hint, holdMs = 1200, wide = false, onHeld }: HoldButtonProps) {
  const [holding, setHolding] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const release = (): void => {
    clearTimeout(timer.current)
    setHolding(false)
  }
  const press = (): void => {
    clearTimeout(timer.current)
    setHolding(true)
    timer.current = setTimeout(() => {
      setHolding(false)
      onHeld()
    }, holdMs)
  }
  return (
    <div>
      <button
        type="button"
        className={classNames(buttonClass('destructive', wide), 'relative overflow-hidden select-none')}
        onPointerDown={press}
        onPointerUp={release}
        onPointerLeave={release}
        onPointerCancel={release}
        onContextMenu={(event) => event.preventDefault()}
        onKeyDown={(event) => {
          if (!actKeys.has(event.key) || event.repeat) return
          event.preventDefault()
          press()
        }}
        onKeyUp={release}
        onBlur={release}
      >
        <span
          aria-hidden="true"
          className="absolute inset-0 origin-left bg-bad/20 transition-transform ease-linear"
          style={
            {
              transform: `scaleX(${holding ? 1 : 0})`,
              transitionDuration: holding ? `${holdMs}ms` : '0ms',
            } as CSSProperties
          }
        />
        <span className="relative">{children}</span>
      </button>
      <p className={classNames('mt-2 text-note text-mute', wide && 'text-center')}>{hint}</p>
    </div>
  )
}
