/** `outpost-kiosk init`: asks what is missing, writes the configuration, makes folders, passwords and keys. */

import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { fileURLToPath } from 'node:url'
import { writeDurably } from '@/lib/journal/durable-file'
import { readKioskConfig } from '../config'
import { openKeys } from '../keys/open-keys'
import { textOf, type Asked } from './asked'
import { fingerprint } from './fingerprint'
import { Failure, WrongInput } from './usage'

interface Answers {
  readonly charger: string
  readonly cloud: string
  readonly identity: string
  readonly bays: number
  readonly host: string
  readonly data: string
  readonly phone: string
}

export async function init(asked: Asked): Promise<number> {
  const path = resolve(asked.config)
  if (existsSync(path) && asked.values['force'] !== true) {
    throw new WrongInput(`${path} exists already; --force replaces it. Keys and journal stay in any case.`)
  }
  const answers = await ask(asked)
  const data = resolve(answers.data)
  const isOpen = asked.values['no-password'] === true
  const secretPath = join(data, 'secrets', `ocpp-${answers.identity}`)
  const folder = dirname(path)
  const file = fileOf(answers, { folder, data, secretPath: isOpen ? undefined : secretPath })
  // The secret does not exist yet, so it is left out of what is checked first.
  check(path, fileOf(answers, { folder, data, secretPath: undefined }))
  for (const one of [data, join(data, 'keys'), join(data, 'secrets')]) makePrivate(one)
  const password = randomBytes(15).toString('base64url')
  if (!isOpen) writeDurably(secretPath, `${password}\n`)
  const config = check(path, file)
  const keys = openKeys(config.keys, config.dataFolder)
  if (!keys.ok) throw new Failure(keys.error.sentence)
  writeDurably(path, `${JSON.stringify(file, undefined, 2)}\n`)
  const address = `ws://${config.ocppHost}:${config.ocppPort}/ocpp/${answers.identity}`
  process.stdout.write(
    [
      `Written: ${path}`,
      `Signing key: ${fingerprint(keys.value.signer.publicKey)}`,
      `The OCPP charger connects to ${address}, or to .../ocpp where it adds its identity itself.`,
      ...(isOpen ? [] : [`Its user name is ${answers.identity}, its password ${password}`]),
      'Next: outpost-kiosk enrol CODE, outpost-kiosk doctor, outpost-kiosk run',
      '',
    ].join('\n'),
  )
  return 0
}

async function ask(asked: Asked): Promise<Answers> {
  const isTerminal = process.stdin.isTTY === true
  const lines = isTerminal ? createInterface({ input: process.stdin, output: process.stdout }) : undefined
  const one = async (name: string, question: string, fallback?: string): Promise<string> => {
    const given = textOf(asked, name)
    if (given !== undefined) return given
    const answer = (
      await lines?.question(fallback === undefined ? `${question}: ` : `${question} [${fallback}]: `)
    )?.trim()
    if (answer) return answer
    if (fallback !== undefined) return fallback
    throw new WrongInput(`--${name} is missing: ${question.toLowerCase()}.`)
  }
  try {
    const charger = await one('charger', 'The charger’s number at its operator')
    const bays = await one('bays', 'How many bays', '1')
    if (!/^([1-9]|[12]\d|3[0-2])$/.test(bays)) throw new WrongInput(`--bays must be 1 to 32, not “${bays}”.`)
    return {
      charger,
      bays: Number(bays),
      cloud: await one('cloud', 'Address of the operator’s cloud'),
      identity: await one('identity', 'How the OCPP charger names itself', charger),
      host: await one('ocpp-host', 'Address of this computer on the charger’s network', '127.0.0.1'),
      data: await one('data', 'Folder for keys and journal', '/var/lib/outpost-kiosk'),
      phone: await one('support-phone', 'Telephone number that drivers are shown'),
    }
  } finally {
    lines?.close()
  }
}

interface Places {
  readonly folder: string
  readonly data: string
  readonly secretPath: string | undefined
}

function fileOf(answers: Answers, { folder, data, secretPath }: Places): object {
  // Beside the file where that is shorter, so that both can be moved together.
  const near = (path: string): string => {
    const short = relative(folder, path)
    return short.startsWith('..') || short === '' ? path : short
  }
  return {
    charger: { id: answers.charger },
    dataFolder: near(data),
    cloud: { url: answers.cloud },
    screen: { folder: fileURLToPath(new URL('../kiosk-screen', import.meta.url)) },
    ocpp: {
      host: answers.host,
      chargers: [
        {
          identity: answers.identity,
          ...(secretPath === undefined ? {} : { passwordFile: near(secretPath) }),
          bays: Array.from({ length: answers.bays }, (_, index) => ({ bay: index + 1 })),
        },
      ],
    },
    support: { phone: answers.phone },
  }
}

function check(path: string, value: object) {
  // The file is judged by itself: a variable of this terminal is none of the service's.
  const read = readKioskConfig(secretsOnly(process.env), { path, value })
  if (!read.ok) throw new WrongInput(read.error.join('\n'))
  return read.value
}

const secretsOnly = (environment: Readonly<Record<string, string | undefined>>) => ({
  OUTPOST_KIOSK_PASSPHRASE: environment['OUTPOST_KIOSK_PASSPHRASE'],
})

function makePrivate(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
}
