/** All words in English. A page that needs few of them imports their files: a bundle holds a file whole. */

import common from './en/common.json'
import console from './en/console.json'
import consoleOverview from './en/console-overview.json'
import consoleDrivers from './en/console-drivers.json'
import consolePeople from './en/console-people.json'
import consoleCards from './en/console-cards.json'
import consolePrinted from './en/console-printed.json'
import consoleTokens from './en/console-tokens.json'
import consoleSessions from './en/console-sessions.json'
import consoleCredit from './en/console-credit.json'
import consoleOperator from './en/console-operator.json'
import demo from './en/demo.json'
import driver from './en/driver.json'
import kiosk from './en/kiosk.json'
import mail from './en/mail.json'
import mailCredit from './en/mail-credit.json'
import mailInvoice from './en/mail-invoice.json'
import gateway from './en/gateway.json'
import invoice from './en/invoice.json'
import missingPage from './en/missing-page.json'
import reasons from './en/reasons.json'
import receipt from './en/receipt.json'
import sticks from './en/sticks.json'
import verify from './en/verify.json'

export const en = {
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
