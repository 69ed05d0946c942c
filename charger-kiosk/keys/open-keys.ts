/** Opens the charger's keys wherever the configuration says that they are. */

import { join } from 'node:path'
import { err, type Result } from '@/lib/core/result'
import type { KeysConfig } from '../config'
import { openDeviceKeys, type DeviceKeys, type KeysFault } from './device-keys'
import { openPkcs11Keys } from './pkcs11-keys'

export const keysFolder = (dataFolder: string): string => join(dataFolder, 'keys')

export function openKeys(keys: KeysConfig, dataFolder: string): Result<DeviceKeys, KeysFault> {
  const folder = keysFolder(dataFolder)
  const { generation, passphrase } = keys
  if (keys.kind === 'file') return openDeviceKeys(folder, passphrase, generation)
  const { module, token, pin } = keys
  if (pin === undefined) {
    return err({ sentence: `The token ${token} needs its PIN: keys.pinFile, or OUTPOST_PKCS11_PIN.` })
  }
  return openPkcs11Keys({ folder, place: { module, token, pin }, generation, passphrase })
}
