/** OCPP 2.0.1. */

import type { OcppVersion } from '../dialect'
import { chargePointIdentity } from '../ids'
import { heartbeat } from '../heartbeat'
import type { Route } from '../route'
import { schemasOf } from '../schemas'

import { commandActions, createCommands } from './commands'
import { authorize } from './messages/authorize'
import { bootNotification } from './messages/boot-notification'
import { fixedAnswers } from './messages/fixed-answers'
import { meterValues } from './messages/meter-values'
import { statusNotification } from './messages/status-notification'
import { transactionEvent } from './messages/transaction-event'
import { standardVariables } from './set-up'
import { offlineSettings } from './token-list'
import { Transactions } from './transactions'

const subprotocol = 'ocpp2.0.1'

/** The one table from the actions that a 2.0.1 charger may call to what is done about them. */
const routesOver = (transactions: Transactions): Readonly<Record<string, Route>> => ({
  ...fixedAnswers,
  Authorize: authorize,
  BootNotification: bootNotification,
  Heartbeat: heartbeat,
  MeterValues: meterValues,
  StatusNotification: statusNotification(transactions),
  TransactionEvent: transactionEvent(transactions),
})

const actions = Object.keys(routesOver(new Transactions(chargePointIdentity('anybody'))))
const schemas = schemasOf(subprotocol, actions, commandActions)

export const ocpp201: OcppVersion = {
  subprotocol,
  outboundValidator: schemas.outboundValidator,
  speak(identity, sender, isConnected, sockets) {
    const transactions = new Transactions(identity, sockets)
    return {
      schemas,
      routes: routesOver(transactions),
      commands: createCommands(sender, isConnected, transactions),
      settings: standardVariables,
      listKeys: offlineSettings(true).map(([key]) => key),
      passwordKey: 'SecurityCtrlr.BasicAuthPassword',
    }
  },
}
