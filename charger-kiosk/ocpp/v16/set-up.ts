/**
 * How a charger is set so that it obeys this controller alone and tells it enough (OCPP 1.6 §9). Keys that a charger
 * does not know are skipped; it must not start anything on its own authority while the link is down.
 */

import type { Setting } from '../set-up'

export const standardConfiguration = (meterIntervalS: number): readonly Setting[] => [
  // Who decides: the controller, never a list, a cache or the charger itself.
  ['AuthorizeRemoteTxRequests', 'false'],
  ['LocalAuthorizeOffline', 'false'],
  ['LocalPreAuthorize', 'false'],
  ['AllowOfflineTxForUnknownId', 'false'],
  ['StopTransactionOnInvalidId', 'true'],
  // Unplugging always ends a session.
  ['StopTransactionOnEVSideDisconnect', 'true'],
  ['UnlockConnectorOnEVSideDisconnect', 'true'],
  // What is metered, and how often. Chargers reject the whole list for one measurand that they lack.
  ['MeterValueSampleInterval', String(meterIntervalS)],
  [
    'MeterValuesSampledData',
    'Energy.Active.Import.Register,Power.Active.Import,Temperature',
    'Energy.Active.Import.Register,Power.Active.Import',
    'Energy.Active.Import.Register',
  ],
  ['StopTxnSampledData', 'Energy.Active.Import.Register'],
  ['ClockAlignedDataInterval', '0'],
  // A plugged-in vehicle should show at once.
  ['MinimumStatusDuration', '0'],
  // Transaction messages are kept until they are acknowledged.
  ['TransactionMessageAttempts', '100'],
  ['TransactionMessageRetryInterval', '10'],
]
