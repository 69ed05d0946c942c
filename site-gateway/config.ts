/**
 * What `outpost-gateway.json` may say: one schema, from which defaults, types and complaints come. Each leaf's message is
 * what is expected there. Everything that is wrong is said at once.
 */

import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { publicKey, siteId, siteIdPattern, type PublicKey, type SiteId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { err, ok, type Result } from '@/lib/core/result'

const section = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, 'a section in braces')
const whole = (min: number, max: number) => {
  const error = `a number from ${min} to ${max}`
  return z.int(error).min(min, error).max(max, error)
}
const text = (max: number) => z.string(`a text of 1 to ${max} characters`).trim().min(1).max(max)
const matching = (pattern: RegExp, expected: string) => z.string(expected).regex(pattern, expected)
const isWebAddress = (value: string): boolean => /^https?:\/\//.test(value) && URL.canParse(value)

const place = (port: number) => ({
  host: text(255).default('127.0.0.1'),
  port: whole(0, 65_535).default(port),
})

const gatewayFile = section({
  site: matching(siteIdPattern, 'the short name of a site, as in its chargers’ certificates'),
  dataFolder: text(4_096).default('var/gateway'),
  cloud: section({
    url: z.string('an http or https address').refine(isWebAddress, 'an http or https address'),
    root: matching(/^[0-9a-f]{64}$/, '64 lower-case hex digits: the operator’s root key'),
  }),
  chargers: section(place(9_700)).prefault({}),
  dashboard: section(place(9_701)).prefault({}),
  store: section({
    bytesMax: whole(2 * limits.parcelBytesMax, 1_000_000_000_000).default(512_000_000),
    chargerBytesMax: whole(limits.parcelBytesMax, 1_000_000_000_000).default(64_000_000),
  }).prefault({}),
  keys: section({
    passphraseFile: text(4_096).optional(),
  }).prefault({}),
  reserve: section({
    chargers: whole(1, limits.gatewayChargersMax),
  }).optional(),
  uplink: section({
    bytesPerDayMax: whole(10_000, 1_000_000_000_000).optional(),
    timeoutS: whole(1, 300).default(30),
  }).prefault({}),
})

export type GatewayConfig = Omit<z.output<typeof gatewayFile>, 'site' | 'cloud' | 'keys'> & {
  readonly keys: { readonly passphraseFile?: string }
  readonly site: SiteId
  readonly cloud: { readonly origin: string; readonly root: PublicKey }
}

/** Fails with one plain sentence for each value that is wrong. Relative paths are relative to the file. */
export function loadGatewayConfig(path: string): Result<GatewayConfig, readonly string[]> {
  const file = resolve(path)
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return err([
      error instanceof SyntaxError ? `${file} is not JSON: ${detail}.` : `${file} cannot be read: ${detail}.`,
    ])
  }
  return readGatewayConfig(value, dirname(file))
}

export function readGatewayConfig(value: unknown, folder: string): Result<GatewayConfig, readonly string[]> {
  const parsed = gatewayFile.safeParse(value)
  if (!parsed.success) return err(parsed.error.issues.flatMap(complaints))
  const { site, cloud, dataFolder, keys, ...rest } = parsed.data
  const { passphraseFile } = keys
  const { store } = rest
  if (store.chargerBytesMax > store.bytesMax)
    return err(['store.chargerBytesMax must not be more than store.bytesMax.'])
  return ok({
    ...rest,
    site: siteId(site),
    dataFolder: resolve(folder, dataFolder),
    keys: passphraseFile === undefined ? {} : { passphraseFile: resolve(folder, passphraseFile) },
    cloud: { origin: new URL(cloud.url).origin, root: publicKey(cloud.root) },
  })
}

function complaints(issue: z.core.$ZodIssue): readonly string[] {
  const where = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(
      (key) => `${where === '' ? key : `${where}.${key}`} is not a setting; remove it or mend its name.`,
    )
  }
  return [`${where || 'The file'} must be ${issue.message}.`]
}
