/**
 * How a 2.0.1 charger is set so that it obeys this controller alone and tells it enough (OCPP 2.0.1 part 2, appendix 3).
 * Variables that a charger does not know are skipped; it must not start anything on its own authority.
 */

import type { Setting } from '../set-up'

export const standardVariables = (meterIntervalS: number): readonly Setting[] => [
  // Who decides: the controller, never a list, a cache or the charger itself.
  ['AuthCtrlr.AuthorizeRemoteStart', 'false'],
  ['AuthCtrlr.LocalAuthorizeOffline', 'false'],
  ['AuthCtrlr.LocalPreAuthorize', 'false'],
  ['AuthCtrlr.OfflineTxForUnknownIdEnabled', 'false'],
  ['AuthCacheCtrlr.Enabled', 'false'],
  // A transaction is what was authorized and plugged, from the moment when energy may flow.
  ['TxCtrlr.TxStartPoint', 'PowerPathClosed', 'Authorized', 'EVConnected'],
  ['TxCtrlr.TxStopPoint', 'PowerPathClosed', 'EVConnected,Authorized', 'EVConnected'],
  ['TxCtrlr.StopTxOnInvalidId', 'true'],
  // Unplugging always ends a session.
  ['TxCtrlr.StopTxOnEVSideDisconnect', 'true'],
  // What is metered, and how often. Chargers reject the whole list for one measurand that they lack.
  ['SampledDataCtrlr.TxUpdatedInterval', String(meterIntervalS)],
  ['SampledDataCtrlr.TxStartedMeasurands', 'Energy.Active.Import.Register'],
  [
    'SampledDataCtrlr.TxUpdatedMeasurands',
    'Energy.Active.Import.Register,Power.Active.Import',
    'Energy.Active.Import.Register',
  ],
  ['SampledDataCtrlr.TxEndedMeasurands', 'Energy.Active.Import.Register'],
  ['SampledDataCtrlr.TxEndedInterval', '0'],
  ['AlignedDataCtrlr.Interval', '0'],
  // Transaction messages are kept until they are acknowledged.
  ['OCPPCommCtrlr.MessageAttempts[TransactionEvent]', '100'],
  ['OCPPCommCtrlr.MessageAttemptInterval[TransactionEvent]', '10'],
]
