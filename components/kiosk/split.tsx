/** The body of a screen: the state and its figure, a code beside or below it, and the camera where one is needed. */

import type { ReactNode } from 'react'
import { classNames } from '@/components/ui/class-names'

export interface SplitProps {
  readonly stage: ReactNode
  readonly side?: ReactNode
  readonly camera?: ReactNode
  /** Changes when the stage's subject does, so that the new one is seen to arrive. */
  readonly subject: string
}

export function Split({ stage, side, camera, subject }: SplitProps) {
  return (
    <div className="kiosk-body h-full" data-side={side === undefined ? 'none' : 'code'}>
      <div key={subject} className={classNames('kiosk-stage arrive flex flex-col')}>
        {stage}
      </div>
      {side === undefined ? null : <div className="kiosk-side">{side}</div>}
      {camera === undefined ? null : <div className="kiosk-camera">{camera}</div>}
    </div>
  )
}
