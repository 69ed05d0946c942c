/** Views of credit, trips and carried news; part of the wallet's own script, like those in `phone.ts`. */

import { courierView } from '../_views/courier-view'
import {
  firstChoice,
  tripConfirmView,
  tripSitesView,
  tripView,
  withToggled,
  withWay,
} from '../_views/trip-views'
import { purseChosen, walletView } from '../_views/wallet-view'

export const walletViews = {
  wallet: walletView,
  purseChosen,
  trip: tripView,
  tripSites: tripSitesView,
  tripConfirm: tripConfirmView,
  tripStart: firstChoice,
  tripToggled: withToggled,
  tripOnWay: withWay,
  courier: courierView,
} as const
