/**
 * What the kiosk is configured to be: `outpost-kiosk.json`, checked by its schema, with environment variables above
 * single values. Checked once at start, and everything that is wrong is said at once.
 */

import { readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { chargerId, publicKey, type ChargerId, type MessageHash, type PublicKey } from '@/lib/core/ids'
import { err, ok, type Result } from '@/lib/core/result'
import { nodeMeterCrypto } from '@/lib/crypto/node-meter'
import { meterKeyHash, readMeterKey } from '@/lib/metering/meter-key'
import type { GatewayAddress } from '@/lib/roads/gateway-line'
import { complaints } from './configuration/complaints'
import {
  environmentNames,
  overlay,
  variable,
  type Environment,
  type overridden,
} from './configuration/environment'
import { kioskFile, type KioskFile } from './configuration/schema'
import { ocppChargers, type OcppCharger } from './configuration/chargers'
import { forwardTargets } from './configuration/forwarding'
import { powerSettings } from './configuration/power'
import { satelliteConfig } from './configuration/satellite-section'
import { uplinkConfigs } from './configuration/uplinks-section'
import { safetySettings, type SafetySettings } from './configuration/safety'
import type { BayMap } from './controller/bays'
import type { ForwardTarget } from './forward/settings'
import { tlsFilesIn, type TlsFiles } from './ocpp/tls-files'
import type { PowerSettings } from './controller/power-keeper'
import type { SatelliteConfig } from './satellite/open-satellite'
import type { UplinkConfig } from './uplinks/open-uplinks'
import type { StepUpOrigin } from './session/step-up'

export interface KioskConfig {
  /** Of the file that was read; undefined where the environment alone speaks. */
  readonly path: string | undefined
  readonly chargerId: ChargerId
  /** Holds journal, keys and logs. */
  readonly dataFolder: string
  /** Where the built touchscreen lies. */
  readonly screenFolder: string
  readonly cloudOrigin: string
  /** One-time code of the operator; needed until the charger has its certificate. */
  readonly enrolmentCode: string | undefined
  /** Pins the operator's root; without it the enrolment brings the root along (trust on first use). */
  readonly root: PublicKey | undefined
  /** Fingerprint of the meter's key, for which the operator is to vouch. */
  readonly meterKeyHash: MessageHash | undefined
  readonly keys: KeysConfig
  readonly screenPort: number
  readonly ocppPort: number
  /** Address that the chargers connect to; on their own LAN in the field. */
  readonly ocppHost: string
  readonly chargers: readonly OcppCharger[]
  /** How often the chargers are told to read their meters. */
  readonly meterIntervalS: number
  /** Every bay of every charger, in their order. */
  readonly bays: BayMap
  readonly supportPhone: string
  /** Where drivers' passkeys were made: the driver app's host and pages. */
  readonly stepUp: StepUpOrigin
  /** What a bay may draw and how warm it may get. */
  readonly safety: SafetySettings
  readonly power: PowerSettings
  /** Chargers of which the site's own CSMS is told. */
  readonly forwards: readonly ForwardTarget[]
  /** Security profile 2. */
  readonly tls: TlsFiles | undefined
  readonly logs: KioskFile['logs']
  readonly metrics: { readonly enabled: boolean; readonly token: string | undefined }
  /** Where a laptop may be let into technician mode; undefined: nowhere. */
  readonly technicianLan: TechnicianLanConfig | undefined
  /** Folders below which sticks are mounted; none: the charger takes and gives nothing by stick. */
  readonly stickPlaces: readonly string[]
  /** Of the site; undefined: the charger's own road alone. */
  readonly gateway: GatewayAddress | undefined
  /** Undefined: one way out, and nothing is counted. */
  readonly uplinks: readonly UplinkConfig[] | undefined
  readonly satellite: SatelliteConfig | undefined
  /** Whether a radio is used at all. Cameras work either way. */
  readonly hasBluetooth: boolean
  /** Opens `POST /demo/uplink`. Never set it at a real charger. */
  readonly isDemo: boolean
  /** Pages that may embed the screen; empty outside of a demo. */
  readonly demoPageOrigins: readonly string[]
}

export interface TechnicianLanConfig {
  readonly host: string
  readonly port: number
  /** Undefined: without TLS, because the configuration says so. */
  readonly tls: TlsFiles | undefined
}

/** Which signing key is wanted: a higher generation makes the next and asks the operator to certify it. */
export type KeysConfig = {
  readonly generation: number
  /** Seals the key files, also those from before a move to a token. */
  readonly passphrase: string | undefined
} & (
  | { readonly kind: 'file' }
  | {
      readonly kind: 'pkcs11'
      readonly module: string
      readonly token: string
      readonly pin: string | undefined
    }
)

export type { Environment }

/** Reads the file that the argument or the environment names, where one does. */
export function loadKioskConfig(
  environment: Environment,
  argument?: string,
): Result<KioskConfig, readonly string[]> {
  const named = argument ?? variable(environment, environmentNames.config)
  if (named === undefined) return readKioskConfig(environment)
  const path = resolve(named)
  try {
    return readKioskConfig(environment, { path, value: JSON.parse(readFileSync(path, 'utf8')) as unknown })
  } catch (error) {
    const isSyntax = error instanceof SyntaxError
    const detail = error instanceof Error ? error.message : String(error)
    return err([isSyntax ? `${path} is not JSON: ${detail}.` : `${path} cannot be read: ${detail}.`])
  }
}

/** Fails with one plain sentence for each value that is wrong. */
export function readKioskConfig(
  environment: Environment,
  source?: { readonly path: string; readonly value: unknown },
): Result<KioskConfig, readonly string[]> {
  const { value, nameOf } = overlay(source?.value ?? {}, environment)
  const parsed = kioskFile.safeParse(value)
  if (!parsed.success) return err(complaints(parsed.error, value, nameOf))
  const file = parsed.data
  const place: Place = { environment, folder: source === undefined ? '.' : dirname(source.path) }
  const problems: string[] = []
  const secret = (path: string | undefined): string | undefined => readSecret(place, path, problems)
  const { chargers, bays, complaints: wrongChargers } = ocppChargers(file, environment, secret)
  const cloud = new URL(file.cloud.url)
  const isDemo = environment[environmentNames.demo]?.trim() === '1'
  const config: KioskConfig = {
    path: source?.path,
    chargerId: chargerId(file.charger.id),
    dataFolder: pathOf(place, file.dataFolder, 'OUTPOST_KIOSK_DATA'),
    screenFolder: pathOf(place, file.screen.folder, 'OUTPOST_SCREEN_FOLDER'),
    cloudOrigin: cloud.origin,
    enrolmentCode: variable(environment, environmentNames.enrolmentCode),
    root: file.cloud.root === undefined ? undefined : publicKey(file.cloud.root),
    meterKeyHash: meterKeyOf(file, problems),
    keys: keysOf(file, environment, secret),
    screenPort: file.screen.port,
    ocppPort: file.ocpp.port,
    ocppHost: file.ocpp.host,
    chargers,
    meterIntervalS: file.ocpp.meterIntervalS,
    bays,
    supportPhone: file.support.phone,
    stepUp: {
      relyingPartyId: file.passkeys.relyingPartyId ?? cloud.hostname,
      origins: file.passkeys.origins ?? [cloud.origin],
    },
    safety: safetySettings(file.safety),
    power: powerSettings(file.ocpp),
    forwards: forwardTargets(
      {
        common: file.ocpp.forward,
        chargers: chargers.map(({ identity, forward }) => ({ identity, forward })),
      },
      { secret, resolvePath: (path) => resolve(place.folder, path), problems },
    ),
    tls: tlsOf(file, place, pathOf(place, file.dataFolder, 'OUTPOST_KIOSK_DATA')),
    logs: {
      ...file.logs,
      ...(file.logs.folder === undefined ? {} : { folder: resolve(place.folder, file.logs.folder) }),
    },
    metrics: { enabled: file.metrics.enabled, token: secret(file.metrics.tokenFile) },
    technicianLan: technicianLanOf(file, place),
    stickPlaces: file.technician.sticks.map((folder) => resolve(place.folder, folder)),
    gateway: file.gateway && { url: file.gateway.url, pins: [file.gateway.pin].flat() },
    uplinks: uplinkConfigs(file.uplinks),
    satellite: satelliteConfig(file.satellite),
    hasBluetooth: file.bluetooth.radio === 'on',
    isDemo,
    demoPageOrigins: isDemo ? demoPages(environment, cloud.origin, problems) : [],
  }
  const all = [...wrongChargers, ...problems]
  return all.length > 0 ? err(all) : ok(config)
}

interface Place {
  readonly environment: Environment
  /** What relative paths of the file are relative to. */
  readonly folder: string
}

/** A path of the environment is relative to the working folder, one of the file to the file. */
const pathOf = ({ environment, folder }: Place, path: string, name: keyof typeof overridden): string =>
  variable(environment, name) === undefined && folder !== '.' ? resolve(folder, path) : path

/** Whoever may read a secret's file may be the charger: that others can is a mistake worth stopping for. */
function readSecret(place: Place, path: string | undefined, problems: string[]): string | undefined {
  if (path === undefined) return undefined
  const file = resolve(place.folder, path)
  try {
    if ((statSync(file).mode & 0o077) !== 0) {
      problems.push(`${file} can be read by others; give it mode 600.`)
      return undefined
    }
    const secret = readFileSync(file, 'utf8').trim()
    if (secret.length > 0) return secret
    problems.push(`${file} is empty; it should hold a secret.`)
  } catch (error) {
    problems.push(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`)
  }
  return undefined
}

function keysOf(
  { keys }: KioskFile,
  environment: Environment,
  secret: (path: string | undefined) => string | undefined,
): KeysConfig {
  const { generation } = keys
  const given = variable(environment, environmentNames.passphrase)
  if (keys.kind === 'file') {
    return { kind: 'file', generation, passphrase: given ?? secret(keys.passphraseFile) }
  }
  const pin = variable(environment, environmentNames.pkcs11Pin) ?? secret(keys.pinFile)
  return { kind: 'pkcs11', generation, passphrase: given, module: keys.module, token: keys.token, pin }
}

function tlsOf({ ocpp: { tls } }: KioskFile, { folder }: Place, dataFolder: string): TlsFiles | undefined {
  if (tls === undefined) return undefined
  const made = tlsFilesIn(dataFolder)
  const { keyFile, certificateFile } = tls
  return {
    keyFile: keyFile === undefined ? made.keyFile : resolve(folder, keyFile),
    certFile: certificateFile === undefined ? made.certFile : resolve(folder, certificateFile),
  }
}

/** By the pair of the site where the operator gave one; else by a pair of its own, made when it is first wanted. */
function technicianLanOf(file: KioskFile, place: Place): TechnicianLanConfig | undefined {
  const { lan } = file.technician
  if (lan === undefined) return undefined
  const dataFolder = pathOf(place, file.dataFolder, 'OUTPOST_KIOSK_DATA')
  const own = tlsFilesIn(join(dataFolder, 'technician'))
  return {
    host: lan.host,
    port: lan.port,
    tls: lan.tls === 'off' ? undefined : (tlsOf(file, place, dataFolder) ?? own),
  }
}

function demoPages(environment: Environment, fallback: string, problems: string[]): readonly string[] {
  const given = variable(environment, environmentNames.demoPageOrigins)
  const origins = (given ?? fallback).split(/[\s,]+/)
  const isOrigin = (text: string): boolean =>
    /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text
  if (origins.every(isOrigin)) return origins
  problems.push(
    `${environmentNames.demoPageOrigins} must be origins such as http://localhost:3000, not “${given ?? ''}”.`,
  )
  return []
}

function meterKeyOf({ charger }: KioskFile, problems: string[]): MessageHash | undefined {
  if (charger.meterKey === undefined) return undefined
  const key = readMeterKey(charger.meterKey, undefined, nodeMeterCrypto)
  if (key === undefined) problems.push('charger.meterKey is no public key of a curve that meters sign with.')
  return key === undefined ? undefined : meterKeyHash(key)
}
