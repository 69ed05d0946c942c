/** The one table from the actions that a 1.6 charger may call to what is done about them. */

import { authorize } from './messages/authorize'
import { bootNotification } from './messages/boot-notification'
import { dataTransfer } from './messages/data-transfer'
import { heartbeat } from '../heartbeat'
import { housekeeping } from './messages/housekeeping'
import { meterValues } from './messages/meter-values'
import { startTransaction } from './messages/start-transaction'
import { statusNotification } from './messages/status-notification'
import { stopTransaction } from './messages/stop-transaction'
import type { Route } from '../route'

export const routes: Readonly<Record<string, Route>> = {
  Authorize: authorize,
  BootNotification: bootNotification,
  DataTransfer: dataTransfer,
  DiagnosticsStatusNotification: housekeeping,
  FirmwareStatusNotification: housekeeping,
  Heartbeat: heartbeat,
  LogStatusNotification: housekeeping,
  MeterValues: meterValues,
  SecurityEventNotification: housekeeping,
  StartTransaction: startTransaction,
  StatusNotification: statusNotification,
  StopTransaction: stopTransaction,
}
