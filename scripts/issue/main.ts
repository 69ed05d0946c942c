/** `npm run issue`: permits, printed cards, revocations and policies, by the commands that a console will call. */

import { readFileSync } from 'node:fs'
import { minorUnitExponent } from '@/lib/core/currency'
import { chargerId, chargerIdPattern, grantSerial, siteIdPattern, type GrantSerial } from '@/lib/core/ids'
import type { Refusal } from '@/lib/core/reason'
import { reasons } from '@/lib/core/reason-codes'
import type { Result } from '@/lib/core/result'
import { epochSeconds, minorUnits } from '@/lib/core/units'
import { toBase64Url, fromBase64Url } from '@/lib/core/bytes'
import { envelopeToText } from '@/lib/protocol/envelope'
import { parseMessage } from '@/lib/protocol/message'
import type { CompactTariff } from '@/lib/protocol/messages/compact-tariff'
import { policy, type Policy } from '@/lib/protocol/messages/policy'
import type { Cloud } from '@/lib/cloud/context'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import { inviteTechnician, listTechnicians, technicianLimits } from '@/lib/cloud/issuance/technician-passes'
import { voucherLimits, type IssuedVoucher } from '@/lib/cloud/issuance/vouchers'
import { ownerAccount } from '@/lib/cloud/ledger/accounts'
import {
  issuePolicy,
  issueVouchers,
  PolicyRefusal,
  raiseAtCharger,
  registerCharger,
  revokeCharger,
  revokeSerial,
  veto,
} from '@/lib/cloud/operator/commands'
import type { PolicyChange } from '@/lib/cloud/operator/policies'
import { readPolicyDocument, type DocumentFault } from '@/lib/cloud/operator/policy-document'
import { registerTerminal } from '@/lib/cloud/satellite/terminals'
import { refundCard } from '@/lib/cloud/operator/refund-card'
import { vouchersOfBatch } from '@/lib/cloud/operator/queries'
import { reasonWords } from '../cases/lines'
import { readAmount } from '../cases/options'
import { PlainFailure } from '../setup/plain-failure.mjs'
import { terminal, type Terminal } from '../setup/terminal'
import { withCloud, type Environment } from './operator-cloud'
import { readCount, readOptions, usage, type IssueOptions } from './options'

interface Told extends IssueOptions {
  readonly out: Terminal
}

/** Gives the exit code: 0 done, 1 not understood, 2 refused. */
export async function issue(
  args: readonly string[],
  env: Environment,
  out: Terminal = terminal,
): Promise<number> {
  const options = readOptions(args)
  if (!options.ok) {
    out.complain(`${options.error}\n\n${usage}`)
    return 1
  }
  return withCloud(env, options.value.values['database-url'], (cloud) =>
    run(cloud, { ...options.value, out }),
  )
}

function run(cloud: Cloud, options: Told): Promise<number> {
  switch (options.command) {
    case 'permit veto':
      return giveVeto(cloud, options)
    case 'permit raise':
      return giveRaise(cloud, options)
    case 'voucher new':
      return makeVouchers(cloud, options)
    case 'voucher show':
      return showVouchers(cloud, options)
    case 'voucher refund':
      return giveBack(cloud, options)
    case 'technician invite':
      return invite(cloud, options)
    case 'technician list':
      return showTechnicians(cloud, options)
    case 'charger new':
      return addCharger(cloud, options)
    case 'charger revoke':
      return disown(cloud, options)
    case 'modem register':
      return addModem(cloud, options)
    case 'revoke':
      return takeBack(cloud, options)
    case 'policy show':
      return showPolicies(cloud, options)
    case 'policy apply':
      return applyPolicy(cloud, options)
    default:
      return changePolicy(cloud, options)
  }
}

async function addModem(cloud: Cloud, options: Told): Promise<number> {
  const charger = readCharger(options.values.charger ?? '')
  if (!/^\d{15}$/.test(options.subject)) fail('A modem is named by its IMEI: 15 digits.')
  const done = await registerTerminal(cloud, options.subject, charger)
  return tell(options, done, () => ({ imei: options.subject, charger }))
}

async function giveVeto(cloud: Cloud, options: Told): Promise<number> {
  const { author, charger } = options.values
  const at = charger === undefined ? {} : { chargerId: readCharger(charger) }
  const given = await veto(cloud, { id: options.subject, author, ...at })
  return tell(options, given, (bytes) => ({ permit: toBase64Url(bytes) }))
}

async function giveRaise(cloud: Cloud, options: Told): Promise<number> {
  const { author, charger, hours } = options.values
  const given = await raiseAtCharger(cloud, {
    serial: readSerial(options.subject),
    chargerId: readCharger(charger ?? ''),
    maximumMinor: readMoney(cloud, options.values.amount),
    hours: readCount(hours, 24 * 45) ?? fail('--hours is a number from 1 to 1080.'),
    author,
  })
  return tell(options, given, (bytes) => ({ permit: toBase64Url(bytes) }))
}

async function makeVouchers(cloud: Cloud, options: Told): Promise<number> {
  const { owner, site, author, count, days } = options.values
  if (!/^(wallet|fleet):[a-z0-9-]{1,64}$/.test(owner ?? ''))
    fail('--owner is the account that pays, such as fleet:glen-haulage.')
  if (!/^[a-z0-9-]{1,64}$/.test(options.subject))
    fail('A batch has a name of lower case letters, digits and dashes.')
  const issued = await issueVouchers(cloud, {
    batch: options.subject,
    count:
      readCount(count, voucherLimits.countMost) ??
      fail(`--count is a number from 1 to ${voucherLimits.countMost}.`),
    owner: ownerAccount(owner ?? ''),
    capMinor: readMoney(cloud, options.values.amount),
    sites: site,
    days:
      readCount(days, voucherLimits.daysMost) ??
      fail(`--days is a number from 1 to ${voucherLimits.daysMost}.`),
    bearer: 'printed',
    author,
  })
  return tell(options, issued, describeCards)
}

async function showVouchers(cloud: Cloud, options: Told): Promise<number> {
  const cards = await vouchersOfBatch(cloud, options.subject)
  if (cards.length === 0) return refused(options, { code: 'api.not-found' })
  return tell(options, { ok: true, value: cards }, describeCards)
}

/** The text is what the QR code on the card holds; any printer of codes makes one of it. */
const describeCards = (cards: readonly IssuedVoucher[]) =>
  cards.map(({ serial, number, capMinor, notAfterS, bytes }) => ({
    number,
    serial,
    capMinor,
    until: new Date(notAfterS * 1_000).toISOString().slice(0, 10),
    code: envelopeToText({ kind: 'voucher', parts: [bytes] }),
  }))

async function giveBack(cloud: Cloud, options: Told): Promise<number> {
  const { author } = options.values
  const refunded = await refundCard(cloud, { serial: readSerial(options.subject), author })
  return tell(options, refunded, ({ returnsAtS }) => ({
    returns: new Date(returnsAtS * 1_000).toISOString().slice(0, 10),
  }))
}

async function invite(cloud: Cloud, options: Told): Promise<number> {
  const { site, author, days, rights } = options.values
  const holder = options.subject.trim().slice(0, technicianLimits.holderCharsMax)
  if (holder === '') fail('A technician has a name.')
  const invited = await inviteTechnician(cloud, {
    holder,
    sites: site,
    rights:
      rights === 'diagnostics' || rights === 'service'
        ? rights
        : fail('--rights is "diagnostics" or "service".'),
    days:
      readCount(days, technicianLimits.daysMost) ??
      fail(`--days is a number from 1 to ${technicianLimits.daysMost}.`),
    author,
  })
  return tell(options, invited)
}

async function showTechnicians(cloud: Cloud, options: Told): Promise<number> {
  const listed = await listTechnicians(cloud)
  return tell(options, { ok: true, value: listed }, (passes) =>
    passes.map(({ endsAtS, ...pass }) => ({
      ...pass,
      until: new Date(endsAtS * 1_000).toISOString().slice(0, 10),
    })),
  )
}

async function addCharger(cloud: Cloud, options: Told): Promise<number> {
  const { site, label, bay } = options.values
  const [siteId, ...others] = site
  if (siteId === undefined || others.length > 0 || !siteIdPattern.test(siteId))
    fail('--site is the site’s short name: 1 to 8 of a to z, 0 to 9 and -.')
  if (label === undefined || !/^.{1,24}$/u.test(label))
    fail('--label is what people call the site, up to 24 letters.')
  if (bay === undefined || !/^.{1,8}$/u.test(bay))
    fail('--bay is what is printed at the bay, up to 8 letters.')
  const setup = { chargerId: readCharger(options.subject), siteId, siteLabel: label, bayLabel: bay }
  return tell(options, { ok: true, value: await registerCharger(cloud, setup) })
}

async function disown(cloud: Cloud, options: Told): Promise<number> {
  const { author } = options.values
  return tellRevoked(options, await revokeCharger(cloud, { chargerId: readCharger(options.subject), author }))
}

async function takeBack(cloud: Cloud, options: Told): Promise<number> {
  const { author } = options.values
  return tellRevoked(options, await revokeSerial(cloud, { serial: readSerial(options.subject), author }))
}

function tellRevoked(options: Told, revoked: Awaited<ReturnType<typeof revokeSerial>>): number {
  if (revoked.ok && revoked.value.waiting > 0)
    options.out.complain(
      `${revoked.value.waiting} revocations wait: the list that devices are sent is full until older grants expire.`,
    )
  return tell(options, revoked, ({ revocationEpoch, waiting }) => ({ revocationEpoch, waiting }))
}

async function showPolicies(cloud: Cloud, options: Told): Promise<number> {
  const trust = await currentTrust(cloud)
  const read = (text: string | undefined): Policy | null => {
    const parsed =
      text === undefined ? undefined : parseMessage(policy, fromBase64Url(text) ?? new Uint8Array(0))
    return parsed?.ok === true ? parsed.value.payload : null
  }
  return tell(options, { ok: true, value: { inForce: read(trust.policy), next: read(trust.nextPolicy) } })
}

async function changePolicy(cloud: Cloud, options: Told): Promise<number> {
  const { energy, time, idle } = options.values
  const tariff = await currentTariff(cloud)
  const rates = {
    energyPerKwh: readRate(energy) ?? tariff.energyPerKwh,
    timePerMinute: readRate(time) ?? tariff.timePerMinute,
    idlePerMinute: readRate(idle) ?? tariff.idlePerMinute,
  }
  return putInForce(cloud, options, { tariff: { ...tariff, ...rates } })
}

async function applyPolicy(cloud: Cloud, options: Told): Promise<number> {
  let text: string
  try {
    text = readFileSync(options.subject, 'utf8')
  } catch {
    return fail(`${options.subject} cannot be read.`)
  }
  const exponent = minorUnitExponent(cloud.config.currency) ?? 2
  const read = readPolicyDocument(text, { tariff: await currentTariff(cloud), exponent })
  return read.ok ? putInForce(cloud, options, read.value) : refusedPolicy(options, read.error)
}

async function currentTariff(cloud: Cloud): Promise<CompactTariff> {
  const trust = await currentTrust(cloud)
  const current = parseMessage(policy, fromBase64Url(trust.policy) ?? new Uint8Array(0))
  if (!current.ok) throw new Error('The policy in force does not parse')
  return current.value.payload.tariff
}

async function putInForce(cloud: Cloud, options: Told, change: PolicyChange): Promise<number> {
  const { from } = options.values
  const startMs = from === undefined ? undefined : Date.parse(from)
  if (Number.isNaN(startMs)) fail('--from is a moment such as 2026-10-01T00:00:00Z.')
  const starts = startMs === undefined ? {} : { notBeforeS: epochSeconds(Math.floor(startMs / 1_000)) }
  try {
    const sequence = await issuePolicy(cloud, { ...change, ...starts })
    return tell(options, { ok: true, value: { sequence } })
  } catch (error) {
    if (error instanceof PolicyRefusal)
      return refusedPolicy(options, { code: error.code, detail: error.message })
    throw error
  }
}

function refusedPolicy({ values, out }: Told, { code, detail }: DocumentFault): number {
  if (values.json) out.print(JSON.stringify({ refused: { code, detail } }))
  else out.complain(`${detail} [${code}]`)
  return 2
}

/** Rates have four decimals, whatever the currency. */
const readRate = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : (readAmount(text, 4) ?? fail('A rate is an amount such as 0.59.'))

function readMoney({ config }: Cloud, text: string | undefined) {
  const decimals = minorUnitExponent(config.currency) ?? 2
  const amount = readAmount(text ?? '', decimals)
  return minorUnits(amount ?? fail(`--amount is in whole ${config.currency}, such as 15.`))
}

const readSerial = (text: string): GrantSerial =>
  /^[0-9a-f]{16}$/.test(text) ? grantSerial(text) : fail('A grant or card goes by 16 hexadecimal digits.')

const readCharger = (text: string) =>
  chargerIdPattern.test(text) ? chargerId(text) : fail('--charger is the id of a charger, such as KINROSS-1.')

function fail(sentence: string): never {
  throw new PlainFailure(sentence)
}

function tell<T>(
  options: Told,
  result: Result<T, Refusal>,
  describe: (value: T) => unknown = (value) => value,
): number {
  if (!result.ok) return refused(options, result.error)
  const shown = describe(result.value)
  options.out.print(options.values.json ? JSON.stringify(shown) : plainText(shown))
  return 0
}

const plainText = (shown: unknown): string =>
  (Array.isArray(shown) ? (shown as readonly unknown[]) : [shown])
    .map((item) =>
      Object.entries(item as Readonly<Record<string, unknown>>)
        .map(
          ([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
        )
        .join('  '),
    )
    .join('\n')

function refused({ values, language, out }: Told, refusal: Refusal): number {
  if (values.json) out.print(JSON.stringify({ refused: refusal }))
  else out.complain(`${reasonWords(refusal, language)} [${reasons[refusal.code].code}]`)
  return 2
}
