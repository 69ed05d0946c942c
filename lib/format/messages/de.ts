/** All words in German, as `en.ts` has them. */

import common from './de/common.json'
import console from './de/console.json'
import consoleOverview from './de/console-overview.json'
import consoleDrivers from './de/console-drivers.json'
import consolePeople from './de/console-people.json'
import consoleCards from './de/console-cards.json'
import consolePrinted from './de/console-printed.json'
import consoleTokens from './de/console-tokens.json'
import consoleSessions from './de/console-sessions.json'
import consoleCredit from './de/console-credit.json'
import consoleOperator from './de/console-operator.json'
import demo from './de/demo.json'
import driver from './de/driver.json'
import kiosk from './de/kiosk.json'
import mail from './de/mail.json'
import mailCredit from './de/mail-credit.json'
import mailInvoice from './de/mail-invoice.json'
import gateway from './de/gateway.json'
import invoice from './de/invoice.json'
import missingPage from './de/missing-page.json'
import reasons from './de/reasons.json'
import receipt from './de/receipt.json'
import sticks from './de/sticks.json'
import verify from './de/verify.json'

export const de = {
  common,
  driver,
  kiosk,
  console,
  consoleOverview,
  consoleDrivers,
  consolePeople,
  consoleCards,
  consolePrinted,
  consoleTokens,
  consoleSessions,
  consoleCredit,
  consoleOperator,
  reasons,
  mail,
  mailCredit,
  mailInvoice,
  gateway,
  invoice,
  demo,
  sticks,
  verify,
  missingPage,
  receipt,
}
