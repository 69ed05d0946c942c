/** What the cloud reads from its environment, checked once at start. Every variable is named here and nowhere else. */

import { join } from 'node:path'
import { currencyCode, operatorId, type CurrencyCode, type OperatorId } from '@/lib/core/ids'
import { isIban } from './credit/bank-reference'
import { regionPattern } from './region-name'
import type { Seller } from './invoices/invoice-document'

export const environmentNames = {
  /** PostgreSQL to use; without it the embedded server's address is read from the data folder. */
  databaseUrl: 'DATABASE_URL',
  /** A user that may create tables and roles, where it differs from the one above; used for migrations alone. */
  databaseAdminUrl: 'DATABASE_ADMIN_URL',
  /** Where browsers reach the cloud; passkeys are bound to its host name. */
  origin: 'OUTPOST_ORIGIN',
  /** Operator, which is the tenant of the ledger. */
  tenant: 'OUTPOST_TENANT',
  currency: 'OUTPOST_CURRENCY',
  /** Where personal data and backups stay; the database must stand there (`npm run db -- region NAME`). */
  region: 'OUTPOST_REGION',
  /** Folder for the database and keys. */
  dataFolder: 'OUTPOST_VAR',
  /** Opens the sealed key files. A development value stands in for it only in demo mode. */
  keyPassphrase: 'OUTPOST_KEY_PASSPHRASE',
  /** `1` seeds a demo fleet and opens the demo-only routes. Never set it where real money is. */
  demo: 'OUTPOST_DEMO',
  /**
   * How many proxies of ours stand before the server and append to `x-forwarded-for`. Without it no header is believed
   * about where a request comes from.
   */
  trustedProxies: 'OUTPOST_TRUSTED_PROXY',
  /** `0` leaves the reconcile worker to `npm run worker`. */
  worker: 'OUTPOST_WORKER',
  /** Both together take real cards by Stripe; without them cards are the sandbox's, and so in demo mode. */
  stripeSecretKey: 'OUTPOST_STRIPE_SECRET_KEY',
  stripeWebhookSecret: 'OUTPOST_STRIPE_WEBHOOK_SECRET',
  /** Both together send mail; without them it waits. `smtps://name:password@host:465` or `smtp://…:587`. */
  smtpUrl: 'OUTPOST_SMTP_URL',
  /** Whom our mails come from: `Outpost <no-reply@example.org>`. */
  mailFrom: 'OUTPOST_MAIL_FROM',
  /** All of the first two show fleets where to transfer to; the third where banks ask for it. */
  bankHolder: 'OUTPOST_BANK_HOLDER',
  bankIban: 'OUTPOST_BANK_IBAN',
  bankBic: 'OUTPOST_BANK_BIC',
  /** All three make invoices for fleets: who sells, where (lines parted by `;`), and by which tax number. */
  sellerName: 'OUTPOST_SELLER_NAME',
  sellerAddress: 'OUTPOST_SELLER_ADDRESS',
  sellerTaxId: 'OUTPOST_SELLER_TAX_ID',
  /** At least 16 characters that Prometheus shows at /api/v1/metrics; without it there are no figures. */
  metricsToken: 'OUTPOST_METRICS_TOKEN',
  /** The password that the satellite provider shows at /api/v1/satellite; without it there is no such address. */
  satelliteSecret: 'OUTPOST_SATELLITE_SECRET',
  /** Where answers for modems go, with the account: `https://name:password@rockblock.rock7.com/rockblock/MT`. */
  satelliteSendUrl: 'OUTPOST_SATELLITE_SEND_URL',
  /** Another address of Stripe's interface, for tests. */
  stripeApiBase: 'OUTPOST_STRIPE_API_BASE',
} as const

export interface CloudConfig {
  readonly tenant: OperatorId
  readonly currency: CurrencyCode
  /** Absent: the tenant names none, and nothing is checked. */
  readonly region?: string
  /** Scheme, host and port, without a slash at the end. */
  readonly origin: string
  /** WebAuthn relying party: the origin's host name. */
  readonly rpId: string
  readonly isHttps: boolean
  readonly dataFolder: string
  readonly keyFolder: string
  readonly keyPassphrase: string
  readonly isDemo: boolean
  readonly runsWorker: boolean
  /** 0: nobody says where a request comes from. */
  readonly trustedProxies?: number
  /** Absent: nobody reads figures. */
  readonly metricsToken?: string
  /** Absent: nothing comes by satellite. */
  readonly satellite?: SatelliteConfig
  /** Absent: cards are the sandbox's. */
  readonly stripe?: StripeConfig
  /** Absent: mail waits. */
  readonly mail?: MailConfig
  /** Absent: fleets pay by card alone. */
  readonly bank?: BankConfig
  /** Absent: no invoices are made. */
  readonly seller?: Seller
}

export interface SatelliteConfig {
  readonly secret: string
  /** Absent: letters are taken in, and chargers hear nothing. */
  readonly sendUrl?: string
}

export interface BankConfig {
  readonly holder: string
  /** Without spaces. */
  readonly iban: string
  readonly bic: string | null
}

export interface MailConfig {
  readonly smtpUrl: string
  readonly from: string
}

export interface StripeConfig {
  readonly secretKey: string
  readonly webhookSecret: string
  readonly apiBase: string
}

type Environment = Readonly<Record<string, string | undefined>>

const developmentPassphrase = 'outpost-development-keys'

/** Throws an Error with one plain sentence when a value cannot be used. */
export function readCloudConfig(environment: Environment): CloudConfig {
  const origin = new URL(environment[environmentNames.origin] ?? 'http://localhost:3000')
  const dataFolder = environment[environmentNames.dataFolder] ?? join(process.cwd(), 'var')
  const isDemo = environment[environmentNames.demo] === '1'
  const passphrase = environment[environmentNames.keyPassphrase] ?? (isDemo ? developmentPassphrase : '')
  if (passphrase.length < 12) {
    throw new Error(
      `Set ${environmentNames.keyPassphrase} to at least 12 characters: it seals the issuer's keys. For a trial, set ${environmentNames.demo}=1 instead.`,
    )
  }
  const stripe = isDemo ? undefined : readStripe(environment)
  const mail = isDemo ? undefined : readMail(environment)
  const bank = readBank(environment)
  const seller = readSeller(environment)
  return {
    tenant: operatorId(environment[environmentNames.tenant] ?? 'outpost'),
    currency: currencyCode(environment[environmentNames.currency] ?? 'EUR'),
    origin: origin.origin,
    rpId: origin.hostname,
    isHttps: origin.protocol === 'https:',
    dataFolder,
    keyFolder: join(dataFolder, 'keys'),
    keyPassphrase: passphrase,
    isDemo,
    runsWorker: environment[environmentNames.worker] !== '0',
    trustedProxies: readProxies(environment[environmentNames.trustedProxies]),
    ...readRegion(environment[environmentNames.region]),
    ...readMetricsToken(environment[environmentNames.metricsToken]),
    ...readSatellite(environment),
    ...(stripe === undefined ? {} : { stripe }),
    ...(mail === undefined ? {} : { mail }),
    ...(bank === undefined ? {} : { bank }),
    ...(seller === undefined ? {} : { seller }),
  }
}

function readSatellite(environment: Environment): Pick<CloudConfig, 'satellite'> {
  const secret = environment[environmentNames.satelliteSecret] ?? ''
  const sendUrl = environment[environmentNames.satelliteSendUrl] ?? ''
  if (secret === '') {
    if (sendUrl === '') return {}
    throw new Error(`${environmentNames.satelliteSendUrl} needs ${environmentNames.satelliteSecret} too.`)
  }
  if (secret.length < 16 || secret.length > 200)
    throw new Error(`${environmentNames.satelliteSecret} has 16 to 200 characters.`)
  if (sendUrl === '') return { satellite: { secret } }
  if (!URL.canParse(sendUrl) || !['http:', 'https:'].includes(new URL(sendUrl).protocol))
    throw new Error(
      `${environmentNames.satelliteSendUrl} is an address such as https://name:password@host/path.`,
    )
  return { satellite: { secret, sendUrl } }
}

function readRegion(text: string | undefined): Pick<CloudConfig, 'region'> {
  if (text === undefined || text === '') return {}
  if (!regionPattern.test(text))
    throw new Error(
      `${environmentNames.region} names a region by a to z, 0 to 9 and -, such as eu-central; not "${text}".`,
    )
  return { region: text }
}

function readMetricsToken(text: string | undefined): Pick<CloudConfig, 'metricsToken'> {
  if (text === undefined || text === '') return {}
  if (text.length < 16 || text.length > 200)
    throw new Error(`${environmentNames.metricsToken} has 16 to 200 characters.`)
  return { metricsToken: text }
}

function readProxies(text = '0'): number {
  if (!/^[0-9]$/.test(text))
    throw new Error(`${environmentNames.trustedProxies} is the number of proxies before the server, 0 to 9.`)
  return Number(text)
}

function readMail(environment: Environment): MailConfig | undefined {
  const smtpUrl = environment[environmentNames.smtpUrl] ?? ''
  const from = environment[environmentNames.mailFrom] ?? ''
  if (smtpUrl === '' && from === '') return undefined
  if (!/^smtps?:\/\/\S+$/.test(smtpUrl) || !URL.canParse(smtpUrl))
    throw new Error(
      `${environmentNames.smtpUrl} is no address of a mail server (smtps://name:password@host).`,
    )
  if (!/^[^\r\n]*[^\s@<]+@[^\s@>]+>?$/.test(from))
    throw new Error(`${environmentNames.mailFrom} is no mail address (Outpost <no-reply@example.org>).`)
  return { smtpUrl, from }
}

function readBank(environment: Environment): BankConfig | undefined {
  const holder = (environment[environmentNames.bankHolder] ?? '').trim()
  const iban = (environment[environmentNames.bankIban] ?? '').toUpperCase().replaceAll(' ', '')
  const bic = (environment[environmentNames.bankBic] ?? '').trim()
  if (holder === '' && iban === '') return undefined
  if (!isIban(iban))
    throw new Error(`${environmentNames.bankIban} is no IBAN: letters, digits or check digits are wrong.`)
  if (holder === '')
    throw new Error(`${environmentNames.bankHolder} is missing: banks compare it with the account's holder.`)
  return { holder, iban, bic: bic === '' ? null : bic }
}

const sellerNames = ['sellerName', 'sellerAddress', 'sellerTaxId'] as const
const addressLinesMax = 5

/** Also for the terminal, which reads nothing else of the configuration. */
export function readSeller(environment: Environment): Seller | undefined {
  const valueOf = (name: (typeof sellerNames)[number]): string =>
    (environment[environmentNames[name]] ?? '').trim()
  const missing = sellerNames.filter((name) => valueOf(name) === '')
  if (missing.length === sellerNames.length) return undefined
  const [first] = missing
  if (first !== undefined)
    throw new Error(
      `${environmentNames[first]} is missing: an invoice names its seller, address and tax number.`,
    )
  const address = valueOf('sellerAddress')
    .split(';')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (address.length === 0 || address.length > addressLinesMax)
    throw new Error(
      `${environmentNames.sellerAddress} has one to ${addressLinesMax} lines, parted by ; (Station Road 1; KY13 8XX Kinross; Scotland).`,
    )
  return { name: valueOf('sellerName'), address, taxId: valueOf('sellerTaxId') }
}

function readStripe(environment: Environment): StripeConfig | undefined {
  const secretKey = environment[environmentNames.stripeSecretKey] ?? ''
  const webhookSecret = environment[environmentNames.stripeWebhookSecret] ?? ''
  if (secretKey === '' && webhookSecret === '') return undefined
  if (!/^[sr]k_(test|live)_\w+$/.test(secretKey))
    throw new Error(
      `${environmentNames.stripeSecretKey} is no secret key of Stripe (sk_live_… or sk_test_…).`,
    )
  if (!/^whsec_\w+$/.test(webhookSecret))
    throw new Error(
      `${environmentNames.stripeWebhookSecret} is missing or no signing secret of a webhook endpoint (whsec_…): without it no payment is ever credited.`,
    )
  const apiBase = new URL(environment[environmentNames.stripeApiBase] ?? 'https://api.stripe.com')
  return { secretKey, webhookSecret, apiBase: apiBase.origin }
}
