/** One screen for each phase of a connector. */

import type { ReactNode } from 'react'
import { AttractScreen } from '@/components/kiosk/attract-screen'
import { ChargingScreen } from '@/components/kiosk/charging-screen'
import { FinishedScreen } from '@/components/kiosk/finished-screen'
import { OfferScreen } from '@/components/kiosk/offer-screen'
import { StartingScreen } from '@/components/kiosk/starting-screen'
import { StoppingScreen } from '@/components/kiosk/stopping-screen'
import { UnavailableScreen } from '@/components/kiosk/unavailable-screen'
import type { ReasonCode } from '@/lib/core/reason-codes'
import type { ScreenConnector, ScreenState } from '../screen-protocol'
import type { ScreenModel } from './screen-model'
import { chargingView, finishedView, offerView, refusedView, startingView, stoppingView } from './views'

export interface PhaseScreenProps {
  readonly state: ScreenState
  readonly connector: ScreenConnector
  readonly camera: ReactNode
  readonly cameraProblem: ReasonCode | null
  readonly parts: ScreenModel['parts']
  onDone(): void
}

export function PhaseScreen({ state, connector, camera, cameraProblem, parts, onDone }: PhaseScreenProps) {
  const { phase, tariff } = connector
  const { supportPhone, chargerId } = state
  if (phase.kind === 'unavailable') {
    return <UnavailableScreen view={{ reason: phase.reason, supportPhone, chargerId }} />
  }
  if (phase.kind === 'available') {
    return <AttractScreen view={{ tariff, isCardWaiting: phase.isCardWaiting === true }} />
  }
  // Without a price nothing is sold: such a state is a charger that was never set up.
  if (tariff === null) {
    return <UnavailableScreen view={{ reason: 'charger.unpaired', supportPhone, chargerId }} />
  }
  switch (phase.kind) {
    case 'offering':
      return (
        <OfferScreen
          view={offerView(phase, tariff, supportPhone, cameraProblem, parts)}
          refused={refusedView(phase)}
          camera={camera}
          onAgain={onDone}
        />
      )
    case 'starting':
      return <StartingScreen view={startingView(phase, tariff)} />
    case 'charging':
      return <ChargingScreen view={chargingView(phase, tariff, state.nowS)} />
    case 'stopping':
      return <StoppingScreen view={stoppingView(phase, tariff)} />
    case 'finished':
      return <FinishedScreen view={finishedView(phase, tariff)} onDone={onDone} />
  }
}
