#!/usr/bin/env -S node --max-semi-space-size=2 --max-old-space-size=96
/** `outpost-kiosk`: reads the command line, runs one command, ends with 0, 1 (it failed) or 2 (it was asked wrongly). */

import { existsSync } from 'node:fs'
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { version } from '../build-facts'
import { environmentNames } from '../configuration/environment'
import { runKiosk } from '../run-kiosk'
import type { Asked } from './asked'
import { chargersCommand } from './chargers'
import { doctor } from './doctor'
import { enrolCharger } from './enrol'
import { init } from './init'
import { keysCommand } from './keys'
import { stickCommand } from './stick'
import { Failure, usage, WrongInput } from './usage'

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const

/** Which options each command takes; anything else is wrong input. */
const options = {
  init: {
    charger: text,
    cloud: text,
    identity: text,
    bays: text,
    'ocpp-host': text,
    data: text,
    'support-phone': text,
    'no-password': flag,
    force: flag,
  },
  enrol: {},
  run: {},
  doctor: { json: flag, 'put-journal-aside': flag },
  keys: { module: text, token: text, 'pin-file': text, 'new-passphrase-file': text },
  chargers: { force: flag },
  stick: { json: flag },
  version: {},
} as const

/** Beside its options. */
const wordsOf: Readonly<Partial<Record<string, number>>> = { enrol: 1, keys: 1, chargers: 2, stick: 1 }

type Command = keyof typeof options
const isCommand = (name: string): name is Command => Object.hasOwn(options, name)

/** Beside where one stands, unless somebody says otherwise. */
const defaultConfig = 'outpost-kiosk.json'

async function main(args: readonly string[]): Promise<number> {
  const [name = '', ...rest] = args
  if (name === '' || rest.includes('--help') || ['help', '--help', '-h'].includes(name)) {
    process.stdout.write(usage)
    return name === '' ? 2 : 0
  }
  if (!isCommand(name)) throw new WrongInput(`There is no command “${name}”.`)
  const asked = read(name, rest)
  switch (name) {
    case 'init':
      return await init(asked)
    case 'enrol':
      return await enrolCharger(asked)
    case 'run':
      return await run(asked)
    case 'doctor':
      return await doctor(asked)
    case 'keys':
      return await keysCommand(asked)
    case 'chargers':
      return await chargersCommand(asked)
    case 'stick':
      return await stickCommand(asked)
    case 'version':
      process.stdout.write(`outpost-kiosk ${version}, Node ${process.versions.node}\n`)
      return 0
  }
}

function read(name: Command, args: readonly string[]): Asked {
  try {
    const known: NonNullable<ParseArgsConfig['options']> = { ...options[name], config: text }
    const { values, positionals } = parseArgs({
      args: [...args],
      options: known,
      allowPositionals: true,
      strict: true,
    })
    const words = wordsOf[name] ?? 0
    if (positionals.length > words)
      throw new WrongInput(`“${positionals[words] ?? ''}” is one word too many.`)
    const single = Object.entries(values).map(([key, value]) => [
      key,
      Array.isArray(value) ? value[0] : value,
    ])
    const asked: Asked['values'] = Object.fromEntries(single)
    const config = asked['config'] ?? process.env[environmentNames.config] ?? defaultConfig
    return { config: String(config), words: positionals, values: asked }
  } catch (error) {
    if (error instanceof WrongInput) throw error
    throw new WrongInput(error instanceof Error ? error.message.split('. ')[0] + '.' : String(error))
  }
}

/** Without any file the environment alone speaks, as it does for `npm start`. */
function run({ config, values }: Asked): Promise<never> {
  const isNamed = values['config'] !== undefined || process.env[environmentNames.config] !== undefined
  runKiosk(isNamed || existsSync(config) ? config : undefined)
  return new Promise(() => undefined)
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    const isOurs = error instanceof WrongInput || error instanceof Failure
    process.stderr.write(`${isOurs ? error.message : String(error instanceof Error ? error.stack : error)}\n`)
    if (error instanceof WrongInput) process.stderr.write('`outpost-kiosk --help` shows what there is.\n')
    process.exitCode = error instanceof WrongInput ? 2 : 1
  },
)
