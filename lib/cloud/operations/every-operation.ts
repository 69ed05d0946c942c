/** The whole API of the consoles, for its document and for the tests that try each request as everybody. */

import * as cards from './cards'
import * as credit from './credit'
import * as dashboard from './dashboard'
import * as drivers from './drivers'
import * as invoices from './invoices'
import type { Operation } from './operation'
import * as operatorCases from './operator-cases'
import * as operatorFleets from './operator-fleets'
import * as operatorPayments from './operator-payments'
import * as organisation from './organisation'
import * as printedCards from './printed-cards'
import * as sessions from './sessions'
import * as tokens from './tokens'

export const everyOperation: readonly Operation[] = [
  ...Object.values(organisation),
  ...Object.values(dashboard),
  ...Object.values(cards),
  ...Object.values(credit),
  ...Object.values(invoices),
  ...Object.values(printedCards),
  ...Object.values(sessions),
  ...Object.values(tokens),
  ...Object.values(drivers),
  ...Object.values(operatorFleets),
  ...Object.values(operatorPayments),
  ...Object.values(operatorCases),
]
