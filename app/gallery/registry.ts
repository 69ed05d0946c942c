/** Every visual state there is. A part of the product adds its own list here; nothing else knows them all. */

import { cardsStates } from '@/components/console/fixtures/cards-states'
import { creditStates } from '@/components/console/fixtures/credit-states'
import { peopleStates } from '@/components/console/fixtures/people-states'
import { driversStates } from '@/components/console/fixtures/drivers-states'
import { doorStates } from '@/components/console/fixtures/door-states'
import { operatorCasesStates } from '@/components/console/fixtures/operator-cases-states'
import { operatorFleetsStates } from '@/components/console/fixtures/operator-fleets-states'
import { operatorPaymentsStates } from '@/components/console/fixtures/operator-payments-states'
import { overviewStates } from '@/components/console/fixtures/overview-states'
import { printedStates } from '@/components/console/fixtures/printed-states'
import { sessionsStates } from '@/components/console/fixtures/sessions-states'
import { tokensStates } from '@/components/console/fixtures/tokens-states'
import { accountStates } from '@/components/driver/fixtures/account-states'
import { bluetoothStates } from '@/components/driver/fixtures/bluetooth-states'
import { ceremonyStates } from '@/components/driver/fixtures/ceremony-states'
import { energyStates } from '@/components/driver/fixtures/energy-states'
import { homeStates } from '@/components/driver/fixtures/home-states'
import { receiptStates } from '@/components/driver/fixtures/receipt-states'
import { settingsStates } from '@/components/driver/fixtures/settings-states'
import { startStates } from '@/components/driver/fixtures/start-states'
import { walletStates } from '@/components/driver/fixtures/wallet-states'
import { easeStates } from '@/components/kiosk/fixtures/ease-states'
import { sessionStates } from '@/components/kiosk/fixtures/session-states'
import { technicianPassStates } from '@/components/technician/fixtures/technician-pass-states'
import { technicianStates } from '@/components/kiosk/fixtures/technician-states'
import { waitingStates } from '@/components/kiosk/fixtures/waiting-states'
import { partStates } from '@/components/ui/fixtures/part-states'
import type { GalleryState } from '@/components/ui/gallery-state'
import { sticksStates } from '../sticks/fixtures/sticks-states'
import { verifyStates } from '../verify/fixtures/verify-states'

export const galleryGroups: readonly { readonly title: string; readonly states: readonly GalleryState[] }[] =
  [
    { title: 'Shared parts', states: partStates },
    { title: 'Driver: first run, funds, account', states: startStates },
    { title: 'Driver: keys, phones, recovery', states: accountStates },
    { title: 'Driver: home', states: homeStates },
    { title: 'Driver: receipts', states: receiptStates },
    { title: 'Driver: energy and cost', states: energyStates },
    { title: 'Driver: settings and about', states: settingsStates },
    { title: 'Driver: credit, trips, news', states: walletStates },
    { title: 'Driver: at the charger', states: ceremonyStates },
    { title: 'Driver: by Bluetooth', states: bluetoothStates },
    { title: 'Verify', states: verifyStates },
    { title: 'Sticks', states: sticksStates },
    { title: 'Kiosk: before a session', states: waitingStates },
    { title: 'Kiosk: session and receipt', states: sessionStates },
    { title: 'Kiosk: made easier', states: easeStates },
    { title: 'Kiosk: technician', states: technicianStates },
    { title: 'Technician’s phone', states: technicianPassStates },
    { title: 'Console: door', states: doorStates },
    { title: 'Console: overview', states: overviewStates },
    { title: 'Console: credit', states: creditStates },
    { title: 'Console: drivers and vehicles', states: driversStates },
    { title: 'Console: tokens', states: tokensStates },
    { title: 'Console: cards for readers', states: cardsStates },
    { title: 'Console: printed cards', states: printedStates },
    { title: 'Console: sessions', states: sessionsStates },
    { title: 'Console: people', states: peopleStates },
    { title: 'Operator: fleets', states: operatorFleetsStates },
    { title: 'Operator: payments', states: operatorPaymentsStates },
    { title: 'Operator: cases', states: operatorCasesStates },
  ]
