/** Opens everything that commands need: keys, database, ports. One per process. */

import { hkdfSync } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { toBytes, type Bytes } from '@/lib/core/bytes'
import { openOrCreateKeyFile } from '@/lib/crypto/key-file'
import { nodeSigner, verifyWithNode } from '@/lib/crypto/node'
import type { CloudConfig } from './config'
import { environmentNames } from './config'
import type { Cloud } from './context'
import { openDatabase } from './database/connection'
import { embeddedDatabaseUrl } from './database/embedded-address'
import { chooseMail } from './mail/choose-mail'
import { establishOperator } from './operator/commands'
import { isEstablished } from './operator/queries'
import { operatorSealing } from './parcels/operator-sealing'
import { systemClock, systemRandom } from './system'
import { chooseCards } from './topup/choose-cards'

export interface OpenCloud {
  readonly cloud: Cloud
  close(): Promise<void>
}

/** Rejects with one plain sentence when keys or database cannot be used. */
export async function openCloud(config: CloudConfig, databaseUrl: string): Promise<OpenCloud> {
  const issuer = nodeSigner(openKey(config, 'issuer'))
  const pseudonymSecret = openKey(config, 'pseudonym')
  const sealing = await operatorSealing(drawn(pseudonymSecret, 'outpost operator sealing key 1'))
  const db = openDatabase(databaseUrl)
  const mail = chooseMail(config)
  const cloud: Cloud = {
    config,
    db,
    clock: systemClock,
    random: systemRandom,
    verify: verifyWithNode,
    issuer,
    pseudonymSecret,
    sealing,
    cards: chooseCards(config, pseudonymSecret),
    ...(mail === undefined ? {} : { mail }),
  }
  const close = (): Promise<void> => {
    mail?.close()
    return db.destroy()
  }
  return { cloud, close }
}

/**
 * Makes sure that the root vouches for the issuer and that a policy is in force. The root's key is used here alone and
 * then forgotten. An operator that keeps it elsewhere leaves no file of it in the key folder; then whatever needs the
 * root goes through `npm run keys`. Only for a database without any operator a new root is made.
 */
export async function establish(cloud: Cloud): Promise<void> {
  const isHere = existsSync(keyPath(cloud.config, 'root'))
  const isNew = !isHere && !(await isEstablished(cloud))
  const root = isHere || isNew ? nodeSigner(openKey(cloud.config, 'root')) : undefined
  await establishOperator(cloud, root, cloud.config.tenant)
}

/** The server that `DATABASE_URL` names, or the embedded one of the data folder. */
export function databaseUrlOf(
  config: Pick<CloudConfig, 'dataFolder'>,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const named = environment[environmentNames.databaseUrl]
  if (named !== undefined && named !== '') return named
  const embedded = embeddedDatabaseUrl(join(config.dataFolder, 'postgres'))
  if (embedded === undefined) {
    throw new Error(`No database: set ${environmentNames.databaseUrl}, or start Outpost with "npm start".`)
  }
  return embedded
}

type KeyPlace = Pick<CloudConfig, 'keyFolder' | 'keyPassphrase'>

/** A secret of its own from one that is open already: each file more costs a start a third of a second. */
const drawn = (secret: Bytes, purpose: string): Bytes =>
  toBytes(new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), purpose, 32)))

export const keyPath = ({ keyFolder }: Pick<KeyPlace, 'keyFolder'>, name: string): string =>
  join(keyFolder, `${name}.key`)

/** Made where it is not there. Throws one plain sentence when it cannot be used. */
export function openKey(config: KeyPlace, name: string): Bytes {
  const path = keyPath(config, name)
  const opened = openOrCreateKeyFile(path, config.keyPassphrase)
  if (opened.ok) return opened.value
  const { error } = opened
  const whys = {
    'wrong-passphrase': `${environmentNames.keyPassphrase} does not open it`,
    damaged: 'it is damaged',
    unreadable: 'detail' in error ? error.detail : 'it cannot be read',
  }
  throw new Error(`The key ${path} cannot be used: ${whys[error.kind]}.`)
}
