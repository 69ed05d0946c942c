/** `outpost-kiosk chargers …`: passwords of the OCPP chargers, and the certificate of this site. */

import { existsSync } from 'node:fs'
import { openPasswordBook } from '../ocpp/password-book'
import { makeTlsFiles, tlsFilesIn } from '../ocpp/tls-files'
import { passwordBookPath } from '../ocpp-secrets'
import { systemClock } from '../system'
import { configOf, type Asked } from './asked'
import { WrongInput } from './usage'

export async function chargersCommand(asked: Asked): Promise<number> {
  const [name = '', identity] = asked.words
  if (name === 'certificate') return certificate(asked)
  if (name !== 'password') throw new WrongInput('chargers what? password IDENTITY, or certificate.')
  return await givePassword(asked, identity)
}

/** The running controller reads the book at each use, so it need not be stopped. */
async function givePassword(asked: Asked, identity: string | undefined): Promise<number> {
  const config = configOf(asked)
  const charger = config.chargers.find((one) => one.identity === identity)
  if (charger === undefined) {
    const known = config.chargers.map((one) => one.identity).join(', ')
    throw new WrongInput(`“${identity ?? ''}” is no charger of the configuration; there are ${known}.`)
  }
  const book = openPasswordBook(passwordBookPath(config.dataFolder), systemClock.nowS)
  const password = await book.enrol(charger.identity)
  process.stdout.write(
    `${charger.identity} comes with this password within a day, and is given one of its own then:\n${password}\n`,
  )
  return 0
}

function certificate(asked: Asked): number {
  const config = configOf(asked)
  const files = tlsFilesIn(config.dataFolder)
  if (existsSync(files.certFile) && asked.values['force'] !== true) {
    throw new WrongInput(
      `${files.certFile} exists already; --force replaces it, and every charger needs the new one.`,
    )
  }
  const hosts = [...new Set([config.ocppHost, 'localhost', '127.0.0.1'])].filter((host) => host !== '0.0.0.0')
  makeTlsFiles(files, hosts, systemClock.nowS())
  process.stdout.write(
    [
      `${files.certFile} is for ${hosts.join(', ')}: install it in each charger as its central system’s root.`,
      'Then set "tls": {} below "ocpp" and restart the controller.',
      '',
    ].join('\n'),
  )
  return 0
}
