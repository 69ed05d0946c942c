/** Which chargers are forwarded, where to and with which secrets: from the file's sections. */

import { readFileSync } from 'node:fs'
import { isForbiddenSetting } from '../forward/safe-settings'
import { usualRights, type ForwardTarget, type ForwardTls } from '../forward/settings'
import type { ChargePointIdentity } from '../ocpp/ids'
import type { ForwardSection } from './forward-section'

interface Given {
  readonly common: ForwardSection | undefined
  /** In the file's order, by the identity that each charger has here. */
  readonly chargers: readonly {
    readonly identity: ChargePointIdentity
    readonly forward: ForwardSection | undefined
  }[]
}

interface Reading {
  readonly secret: (path: string | undefined) => string | undefined
  readonly resolvePath: (path: string) => string
  readonly problems: string[]
}

export function forwardTargets({ common, chargers }: Given, reading: Reading): readonly ForwardTarget[] {
  return chargers.flatMap(({ identity, forward }) => {
    const section = forward ?? common
    return section === undefined ? [] : [targetOf(identity, section, reading)]
  })
}

function targetOf(charger: ChargePointIdentity, section: ForwardSection, reading: Reading): ForwardTarget {
  const { url, identity, version, password, passwordFile, allow, settings, queueMax, backfillPerSecond } =
    section
  for (const name of settings.filter(isForbiddenSetting)) {
    reading.problems.push(`forward.settings: ${name} is set by this controller, or decides who may charge.`)
  }
  return {
    charger,
    url: url.replace(/\/+$/, ''),
    identity: identity ?? charger,
    password: password ?? reading.secret(passwordFile),
    tls: tlsOf(section, reading),
    version,
    rights: allow ?? usualRights,
    settings,
    queueMax,
    backfillPerSecond,
  }
}

function tlsOf(
  { caFile, certificateFile, keyFile }: ForwardSection,
  reading: Reading,
): ForwardTls | undefined {
  if ((certificateFile === undefined) !== (keyFile === undefined)) {
    reading.problems.push('forward: certificateFile and keyFile belong together.')
  }
  if (caFile === undefined && certificateFile === undefined) return undefined
  return {
    ca: readPem(caFile, reading),
    cert: readPem(certificateFile, reading),
    key: reading.secret(keyFile),
  }
}

function readPem(path: string | undefined, { resolvePath, problems }: Reading): string | undefined {
  if (path === undefined) return undefined
  const file = resolvePath(path)
  try {
    const text = readFileSync(file, 'utf8')
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text
    problems.push(`${file} holds no certificate in PEM.`)
  } catch (error) {
    problems.push(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`)
  }
  return undefined
}
