'use client'

/** Waits for the wallet, and says so when it cannot be used here. */

import type { ReactNode } from 'react'
import { ProblemScreen } from '@/components/driver/problem-screen'
import { SecondTabScreen } from '@/components/driver/second-tab-screen'
import { epochSeconds, type EpochSeconds } from '@/lib/core/units'
import { useNowS } from './now'
import { takeWalletHere, usePhone, type ReadyPhone } from './phone-host'

export interface Ready {
  readonly phone: ReadyPhone
  readonly nowS: EpochSeconds
}

export interface WithPhoneProps {
  /** What stands there in the meantime; usually for a few hundredths of a second. */
  readonly opening: ReactNode
  readonly children: (ready: Ready) => ReactNode
}

export function WithPhone({ opening, children }: WithPhoneProps) {
  const state = usePhone()
  const nowS = useNowS()
  switch (state.kind) {
    case 'opening':
      return opening
    case 'elsewhere':
      return <SecondTabScreen isTaking={state.isTaking} onUseHere={takeWalletHere} />
    case 'failed':
      return (
        <ProblemScreen
          view={{ refusal: state.refusal, next: 'try-again' }}
          onNext={() => window.location.reload()}
          onBack={null}
        />
      )
    case 'ready':
      return children({
        phone: state.phone,
        nowS: epochSeconds(Math.max(nowS, state.phone.state.clockFloorS)),
      })
  }
}
