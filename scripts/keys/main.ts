/**
 * `npm run keys`: the issuer's key is replaced without anybody noticing. First its successor comes onto the root's
 * list, signed here or wherever the root's key is kept; while phones and chargers hear of it, both are accepted; then
 * the servers change over, one after the other.
 */

import { closeSync, existsSync, fsyncSync, linkSync, openSync, readFileSync, renameSync } from 'node:fs'
import { fromBase64Url, toBase64Url, utf8 } from '@/lib/core/bytes'
import { publicKey } from '@/lib/core/ids'
import { nodeSigner } from '@/lib/crypto/node'
import { decodeCbor, encodeCbor } from '@/lib/protocol/cbor'
import { trustList, type TrustList } from '@/lib/protocol/messages/trust-list'
import type { CloudConfig } from '@/lib/cloud/config'
import { keyPath, openKey } from '@/lib/cloud/open-cloud'
import { importTrustList, requestTrustList } from '@/lib/cloud/operator/commands'
import { issuerKeys } from '@/lib/cloud/operator/queries'
import { signList } from '@/lib/cloud/operator/trust-lists'
import { readConfig, withCloud, type Environment } from '../issue/operator-cloud'
import { terminal, type Terminal } from '../setup/terminal'
import { PlainFailure } from '../setup/plain-failure.mjs'
import { readOptions, usage, type KeysCommand, type KeysOptions } from './options'

const nextName = 'issuer-next'

/** What every command is given. */
interface Place extends KeysOptions {
  readonly env: Environment
  readonly out: Terminal
}

/** Gives the exit code: 0 done, 1 not understood, 2 refused. */
export async function keys(
  args: readonly string[],
  env: Environment,
  out: Terminal = terminal,
): Promise<number> {
  const options = readOptions(args)
  if (!options.ok) {
    out.complain(`${options.error}\n\n${usage}`)
    return 1
  }
  return commands[options.value.command]({ ...options.value, env, out })
}

const commands: Readonly<Record<KeysCommand, (place: Place) => Promise<number>>> = {
  status,
  'rotate-issuer': rotate,
  request,
  sign,
  import: take,
  activate,
}

function status({ env, databaseUrl, out }: Place): Promise<number> {
  return withCloud(env, databaseUrl, async (cloud) => {
    const list = await issuerKeys(cloud)
    if (list === undefined)
      throw new PlainFailure('The operator is not established yet: start the server once.')
    const next = existsSync(keyPath(cloud.config, nextName)) ? nextKey(cloud.config) : undefined
    const day = (atS: number): string => new Date(atS * 1_000).toISOString().slice(0, 10)
    out.print(`list ${list.sequence} of ${day(list.timeS)}`)
    for (const { key, notBeforeS, notAfterS } of list.issuers) {
      const mark = key === cloud.issuer.publicKey ? '  signs now' : key === next ? '  next' : ''
      out.print(`${key}  ${day(notBeforeS)} to ${day(notAfterS)}${mark}`)
    }
    return 0
  })
}

async function rotate(place: Place): Promise<number> {
  const config = readConfig(place.env)
  if (!existsSync(keyPath(config, 'root'))) {
    throw new PlainFailure(
      `The root's key is not in ${config.keyFolder}: use "request" here, "sign" where it is, and "import" here.`,
    )
  }
  const list = await signList(await requested(place), nodeSigner(openKey(config, 'root')))
  return importList(place, list)
}

async function request(place: Place): Promise<number> {
  const list = await requested(place)
  place.out.print(toBase64Url(encodeCbor(trustList.payload.encode(list))))
  place.out.complain(
    'Have this signed where the root’s key is kept: npm run keys -- sign <file>; then import the list here.',
  )
  return 0
}

const requested = ({ env, overlapDays, databaseUrl }: Place): Promise<TrustList> =>
  withCloud(env, databaseUrl, (cloud) =>
    requestTrustList(cloud, publicKey(nextKey(cloud.config)), overlapDays),
  )

/** Made at the first request, and the same until it is in use. */
const nextKey = (config: CloudConfig) => nodeSigner(openKey(config, nextName)).publicKey

/** Shows what is about to be signed: whoever holds the root's key answers for every key on the list. */
async function sign({ env, file, out }: Place): Promise<number> {
  const config = readConfig(env)
  if (!existsSync(keyPath(config, 'root')))
    throw new PlainFailure(`The root's key is not in ${config.keyFolder}.`)
  const decoded = decodeCbor(readText(file))
  const list = decoded.ok ? trustList.payload.decode(decoded.value, 'request') : decoded
  if (!list.ok) throw new PlainFailure(`${file} holds no request.`)
  out.complain(`Operator ${list.value.operator}, list ${list.value.sequence}, issuers:`)
  for (const { key } of list.value.issuers) out.complain(`  ${key}`)
  out.print(await signList(list.value, nodeSigner(openKey(config, 'root'))))
  return 0
}

function take(place: Place): Promise<number> {
  return importList(place, toBase64Url(readText(place.file)))
}

const importList = ({ env, databaseUrl, out }: Place, list: string): Promise<number> =>
  withCloud(env, databaseUrl, async (cloud) => {
    const taken = await importTrustList(cloud, fromBase64Url(list) ?? utf8(''))
    if (!taken.ok) {
      out.complain(taken.error)
      return 2
    }
    out.print(`List ${taken.value.sequence} is out: devices get it with their next news.`)
    out.print('Wait until chargers without a link have heard of it by phones, then: npm run keys -- activate')
    return 0
  })

/** The old key's file stays under another name: what it sealed or signed may have to be looked at. */
function activate({ env, databaseUrl, out }: Place): Promise<number> {
  return withCloud(env, databaseUrl, async (cloud) => {
    const { config } = cloud
    if (!existsSync(keyPath(config, nextName)))
      throw new PlainFailure('There is no next key: "rotate-issuer" or "request" makes one.')
    const next = nextKey(config)
    const list = await issuerKeys(cloud)
    if (list?.issuers.some(({ key }) => key === next) !== true)
      throw new PlainFailure('The root has not listed the next key yet: devices would refuse what it signs.')
    const retired = keyPath(config, `issuer-${cloud.issuer.publicKey.slice(0, 16)}`)
    // At every instant there is one file of the name under which a server looks.
    if (!existsSync(retired)) linkSync(keyPath(config, 'issuer'), retired)
    renameSync(keyPath(config, nextName), keyPath(config, 'issuer'))
    const folder = openSync(config.keyFolder, 'r')
    fsyncSync(folder)
    closeSync(folder)
    out.print(`${next} signs from the next start of each server on. The key before is kept as ${retired}.`)
    return 0
  })
}

function readText(file: string): Uint8Array {
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch {
    throw new PlainFailure(`${file} cannot be read.`)
  }
  return fromBase64Url(text) ?? utf8('')
}
