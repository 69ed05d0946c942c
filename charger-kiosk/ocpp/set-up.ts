/**
 * How a charger is set so that it obeys this controller alone and tells it enough (OCPP 1.6 §9). Keys that a charger
 * does not know are skipped; it must not start anything on its own authority while the link is down.
 */

import type { ChargerCommands, ConfigurationOutcome } from './port'

/** Values in order of preference; the next is tried when one is rejected. */
type Setting = readonly [key: string, ...values: string[]]

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

/** Whatever the charger said, it has heard of it. */
export const isAnswered = (outcome: ConfigurationOutcome | undefined): boolean =>
  outcome !== undefined && outcome !== 'timeout' && outcome !== 'disconnected'

/** Stops at the first command that is not answered: a charger that is deaf to one is deaf to all. */
export async function applyConfiguration(
  commands: Pick<ChargerCommands, 'changeConfiguration'>,
  settings: readonly Setting[],
): Promise<Readonly<Record<string, ConfigurationOutcome>>> {
  const outcomes: Record<string, ConfigurationOutcome> = {}
  for (const [key, ...values] of settings) {
    for (const value of values) {
      const result = await commands.changeConfiguration(key, value)
      const outcome = result.ok ? result.value : result.error.code
      outcomes[key] = outcome
      if (!isAnswered(outcome)) return outcomes
      if (outcome !== 'rejected') break
    }
  }
  return outcomes
}
