/**
 * What a site CSMS may read and write of a charger's settings. Writing is by name only: whatever this controller sets
 * itself, and everything that decides who may charge, how it is metered or whom the charger obeys, is not for it.
 */

import { standardConfiguration } from '../ocpp/v16/set-up'
import { standardVariables } from '../ocpp/v201/set-up'

/** Of both versions; comfort alone. `HeartbeatInterval` is the site's own, and is obeyed here, not by the charger. */
export const usualSettings: readonly string[] = [
  'BlinkRepeat',
  'LightIntensity',
  'DisplayMessageCtrlr.Language',
]

export const heartbeatSettings: readonly string[] = ['HeartbeatInterval', 'OCPPCommCtrlr.HeartbeatInterval']

/** Never, whatever the configuration says. */
export function isForbiddenSetting(name: string): boolean {
  const ours = [...standardConfiguration(1), ...standardVariables(1)].map(([key]) => key.replace(/\[.*$/, ''))
  return ours.includes(name) || secret.test(name) || whoAndHow.test(name)
}

const secret = /AuthorizationKey|Password|SecurityProfile|Certificate|NetworkConfiguration|NetworkProfile/i
const whoAndHow =
  /^(Auth|LocalAuth|LocalPre|AllowOffline|TxCtrlr|AuthCtrlr|AuthCacheCtrlr|LocalAuthListCtrlr|SecurityCtrlr|SmartCharging)/

/** Answers hold no secrets, even where a charger would tell them. */
export const isSecretSetting = (name: string): boolean => secret.test(name)
