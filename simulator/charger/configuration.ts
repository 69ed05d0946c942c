/** The configuration keys that this charger has (OCPP 1.6 §9), and what may be written to them. */

export type Configuration = Readonly<Record<string, string>>

export const factoryConfiguration: Configuration = {
  AllowOfflineTxForUnknownId: 'true',
  AuthorizationCacheEnabled: 'false',
  AuthorizationKey: '',
  AuthorizeRemoteTxRequests: 'true',
  ClockAlignedDataInterval: '0',
  ConnectionTimeOut: '60',
  HeartbeatInterval: '300',
  LocalAuthListEnabled: 'false',
  LocalAuthListMaxLength: '200',
  LocalAuthorizeOffline: 'true',
  LocalPreAuthorize: 'false',
  MaxEnergyOnInvalidId: '0',
  MeterValueSampleInterval: '60',
  MeterValuesSampledData: 'Energy.Active.Import.Register',
  MinimumStatusDuration: '0',
  NumberOfConnectors: '1',
  SendLocalListMaxLength: '20',
  StopTransactionOnEVSideDisconnect: 'true',
  StopTransactionOnInvalidId: 'true',
  StopTxnSampledData: '',
  TransactionMessageAttempts: '3',
  TransactionMessageRetryInterval: '60',
  UnlockConnectorOnEVSideDisconnect: 'true',
}

const readOnly = new Set(['LocalAuthListMaxLength', 'NumberOfConnectors', 'SendLocalListMaxLength'])
/** A secret is written and never read back. */
export const writeOnly = new Set(['AuthorizationKey'])
const integers = new Set([
  'ClockAlignedDataInterval',
  'ConnectionTimeOut',
  'HeartbeatInterval',
  'MaxEnergyOnInvalidId',
  'MeterValueSampleInterval',
  'MinimumStatusDuration',
  'TransactionMessageAttempts',
  'TransactionMessageRetryInterval',
])
const measurandLists = new Set(['MeterValuesSampledData', 'StopTxnSampledData'])

export const measurands = [
  'Energy.Active.Import.Register',
  'Power.Active.Import',
  'Temperature',
  'SoC',
] as const
export type Measurand = (typeof measurands)[number]

/** ConfigurationStatus of OCPP 1.6. */
export type Verdict = 'Accepted' | 'Rejected' | 'NotSupported'

export function judgeChange(key: string, value: string): Verdict {
  const current = Object.hasOwn(factoryConfiguration, key) ? factoryConfiguration[key] : undefined
  if (current === undefined) return 'NotSupported'
  if (readOnly.has(key)) return 'Rejected'
  if (writeOnly.has(key)) return /^[\x21-\x7e]{16,40}$/.test(value) ? 'Accepted' : 'Rejected'
  if (integers.has(key)) return /^\d{1,8}$/.test(value) ? 'Accepted' : 'Rejected'
  if (measurandLists.has(key)) return value === '' || selected(value).length > 0 ? 'Accepted' : 'Rejected'
  return /^(true|false)$/.test(value) ? 'Accepted' : 'Rejected'
}

/** The measurands of a list; none at all when one of them is unknown, as chargers do. */
export function selected(list: string): readonly Measurand[] {
  const names = list.split(',').map((name) => name.trim())
  const known = names.flatMap((name) => measurands.filter((measurand) => measurand === name))
  return known.length === names.length ? known : []
}

export const integerSetting = (configuration: Configuration, key: string): number =>
  Number.parseInt(configuration[key] ?? '0', 10)
