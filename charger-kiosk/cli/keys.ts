/** `outpost-kiosk keys …`: the ceremony around the charger's signing keys. */

import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { toBase64Url } from '@/lib/core/bytes'
import { resealKeyFile } from '@/lib/crypto/key-file'
import type { KioskConfig } from '../config'
import { writeDurably } from '@/lib/journal/durable-file'
import { renewalQuestion } from '../key-renewal'
import { keyFile, openDeviceKeys, type DeviceKeys } from '../keys/device-keys'
import { keysFolder, openKeys } from '../keys/open-keys'
import { readPassphrase } from '../keys/passphrase'
import { openPkcs11Keys } from '../keys/pkcs11-keys'
import { systemClock } from '../system'
import { configOf, refuseWhileRunning, textOf, type Asked } from './asked'
import { fingerprint } from './fingerprint'
import { openCharger } from './open-charger'
import { Failure, WrongInput } from './usage'

const commands = { show, next, request, move, passphrase } as const

export async function keysCommand(asked: Asked): Promise<number> {
  const [name = ''] = asked.words
  if (!(name in commands)) throw new WrongInput('keys what? show, next, request, move or passphrase.')
  const config = configOf(asked)
  for (const line of await commands[name as keyof typeof commands](config, asked))
    process.stdout.write(`${line}\n`)
  return 0
}

type Lines = readonly string[] | Promise<readonly string[]>

function opened(config: KioskConfig, keys = config.keys): DeviceKeys {
  const result = openKeys(keys, config.dataFolder)
  if (!result.ok) throw new Failure(result.error.sentence)
  return result.value
}

function show(config: KioskConfig): Lines {
  const { signer, nextSigners } = opened(config)
  const where = config.keys.kind === 'file' ? 'sealed files' : `token ${config.keys.token}`
  return [
    `${config.chargerId}, keys in ${where}, generation ${config.keys.generation} is wanted`,
    ...[signer, ...nextSigners].map(({ publicKey }) => `${fingerprint(publicKey)}  ${publicKey}`),
  ]
}

function next(config: KioskConfig): Lines {
  const generation = config.keys.generation + 1
  if (generation > 20) throw new Failure('Twenty generations are the most: enrol the charger afresh.')
  const made = opened(config, { ...config.keys, generation }).nextSigners.at(-1)
  if (made === undefined) throw new Failure('The next key was not made.')
  changeKeys(config, { generation })
  return [
    `Generation ${generation}: ${fingerprint(made.publicKey)}`,
    'Restart the controller: the operator certifies the key as soon as the cloud answers.',
  ]
}

/** What an operator without a network to this charger needs to certify the newest key. */
async function request(config: KioskConfig): Promise<readonly string[]> {
  await refuseWhileRunning(config)
  const { keys, journal, knowledge } = openCharger(config)
  try {
    const newest = keys.nextSigners.at(-1)
    if (newest === undefined) throw new Failure('There is no next key to certify: outpost-kiosk keys next.')
    if (knowledge === undefined) throw new Failure('The charger is not enrolled: outpost-kiosk enrol CODE.')
    const { operator, chargerId, key } = (knowledge.renewed ?? knowledge.certificate).payload
    const all = [keys.signer, ...keys.nextSigners]
    const present = all.find(({ publicKey }) => publicKey === key) ?? keys.signer
    const timeS = systemClock.nowS()
    const question = await renewalQuestion({ operator, chargerId, present, next: newest, timeS })
    return [JSON.stringify({ renewal: toBase64Url(question.renewal), proof: toBase64Url(question.proof) })]
  } finally {
    journal.close()
  }
}

async function move(config: KioskConfig, asked: Asked): Promise<readonly string[]> {
  const [module, token, pinFile] = ['module', 'token', 'pin-file'].map((name) => textOf(asked, name))
  if (module === undefined || token === undefined || pinFile === undefined) {
    throw new WrongInput('keys move needs --module FILE, --token LABEL and --pin-file FILE.')
  }
  if (config.keys.kind === 'pkcs11') throw new Failure('The keys are in a token already.')
  await refuseWhileRunning(config)
  const { journalKey, segments } = opened(config)
  const generation = config.keys.generation + 1
  const pinPath = resolve(pinFile)
  const pin = secretAt(pinPath)
  const moved = openPkcs11Keys(
    {
      folder: keysFolder(config.dataFolder),
      place: { module, token, pin },
      generation,
      passphrase: config.keys.passphrase,
    },
    journalKey,
  )
  if (!moved.ok) throw new Failure(moved.error.sentence)
  // Until the configuration says otherwise the file's lock is the one in use; the journal's next opening destroys it.
  for (const each of segments.generations) {
    const secret = segments.secretOf(each)
    if (secret !== undefined) moved.value.segments.create(each, secret)
  }
  changeKeys(config, {
    kind: 'pkcs11',
    generation,
    module,
    token,
    pinFile: pinPath,
    passphraseFile: undefined,
  })
  return [
    `Generation ${generation}, in the token: ${fingerprint((moved.value.nextSigners.at(-1) ?? moved.value.signer).publicKey)}`,
    'Start the controller: the operator certifies it as soon as the cloud answers.',
    'Keep the sealed files and their passphrase (OUTPOST_KIOSK_PASSPHRASE) until `key-renewed` stands in the log.',
  ]
}

async function passphrase(config: KioskConfig, asked: Asked): Promise<readonly string[]> {
  const file = textOf(asked, 'new-passphrase-file')
  if (file === undefined) throw new WrongInput('keys passphrase needs --new-passphrase-file FILE (mode 600).')
  if (config.keys.kind === 'pkcs11')
    throw new Failure('A token has a PIN; change it with the token’s own tool.')
  await refuseWhileRunning(config)
  const after = secretAt(resolve(file))
  if (after.length < 12) throw new WrongInput('The new passphrase must have at least 12 characters.')
  const folder = keysFolder(config.dataFolder)
  const before = readPassphrase(config.keys.passphrase, `${folder}/passphrase`)
  if (!before.ok) throw new Failure(before.error.sentence)
  for (let generation = 1; generation <= config.keys.generation; generation += 1) {
    const path = keyFile(folder, generation)
    if (!existsSync(path)) continue
    const sealed = resealKeyFile(path, before.value, after)
    if (!sealed.ok)
      throw new Failure(`${path} is not sealed anew (${sealed.error.kind}); ask again to go on.`)
  }
  changeKeys(config, { passphraseFile: resolve(file) })
  const checked = openDeviceKeys(folder, after, config.keys.generation)
  if (!checked.ok) throw new Failure(checked.error.sentence)
  return [`The keys are sealed under the passphrase in ${resolve(file)}.`]
}

function secretAt(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    throw new WrongInput(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`)
  }
}

/** Only this section changes; the rest of the file stays as somebody wrote it. */
function changeKeys({ path }: KioskConfig, changes: Readonly<Record<string, unknown>>): void {
  if (path === undefined) return
  const file = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  const keys = { kind: 'file', ...(file['keys'] as object | undefined), ...changes }
  writeDurably(path, `${JSON.stringify({ ...file, keys }, undefined, 2)}\n`)
}
