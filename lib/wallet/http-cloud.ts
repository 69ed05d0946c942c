/** The cloud port over HTTP: JSON requests to this app's own origin, each with a time limit. */

import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser'
import { publicKey } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { refusal, type Refusal } from '@/lib/core/reason'
import { reasons, type ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import type { CloudPort, GrantNews, ReportedOffer, ReportReply, SignedIn } from './cloud-port'
import { jsonReader, type JsonReader } from './json-reader'
import { readSessionNews } from './session-news'
import type { TrustNews } from './trust-state'

/** Long enough for a weak link, short enough that a person still waits. */
const timeoutMs = 20_000
/** For the time of a charger's offer: the ceremony goes on without it. */
const timeTimeoutMs = 2_000
/** Pieces of news in one answer; the phone keeps the newest few of them. */
const newsMax = 64
const sessionsReportedMax = limits.walletReportChainsMax * limits.walletReportEntriesMax

export type Fetch = (path: string, init: RequestInit) => Promise<Response>

export function httpCloud(fetchApi: Fetch = (path, init) => fetch(path, init)): CloudPort {
  const ask = async <T>(
    path: string,
    read: (json: JsonReader) => T,
    body?: unknown,
    patienceMs = timeoutMs,
  ): Promise<Result<T, Refusal>> => {
    const method = path === '/trust' || path === '/account' ? 'GET' : 'POST'
    const answer = await request(fetchApi, path, method, body, patienceMs)
    if (!answer.ok) return answer
    try {
      return ok(read(jsonReader(answer.value)))
    } catch {
      return err(refusal('api.internal'))
    }
  }
  return {
    trust: () => ask('/trust', readTrust),
    report: (chains) => ask('/wallet/report', readReport, { chains }),
    account: () =>
      ask('/account', (json) => ({
        accountId: json.text('accountId'),
        balanceMinor: json.integer('balanceMinor'),
        reservedMinor: json.integer('reservedMinor'),
        currency: json.text('currency'),
      })),
    requestGrant: (order) => ask('/wallet/grants', readGrant, order),
    renew: (order) => ask('/wallet/renew', readGrant, order),
    time: (nonce) => ask('/time', (json) => json.text('time'), { nonce }, timeTimeoutMs),
    claim: (order) =>
      ask('/wallet/claim', (json) => ({ ...readGrant(json), fleetName: json.text('fleetName') }), order),
    topUp: (order) =>
      ask('/account/top-up', (json) => ({ balanceMinor: json.integer('balanceMinor') }), order),
    registerOptions: () =>
      ask('/account/register/options', readChallenge<PublicKeyCredentialCreationOptionsJSON>, {}),
    registerVerify: (challengeId, response) =>
      ask('/account/register/verify', readSignedIn, { challengeId, response }),
    signInOptions: () =>
      ask('/account/sign-in/options', readChallenge<PublicKeyCredentialRequestOptionsJSON>, {}),
    signInVerify: (challengeId, response) =>
      ask('/account/sign-in/verify', readSignedIn, { challengeId, response }),
    async signOut() {
      const answer = await request(fetchApi, '/account/sign-out', 'POST', {})
      return answer.ok ? ok(undefined) : answer
    },
  }
}

export async function request(
  fetchApi: Fetch,
  path: string,
  method: 'GET' | 'POST',
  body: unknown,
  patienceMs = timeoutMs,
): Promise<Result<unknown, Refusal>> {
  let response: Response
  try {
    response = await fetchApi(`/api/v1${path}`, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(patienceMs),
      ...(method === 'POST' && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body ?? {}),
      }),
    })
  } catch {
    return err(refusal('api.unreachable'))
  }
  if (response.status === 204) return ok({})
  const json: unknown = await response.json().catch(() => undefined)
  return response.ok ? ok(json) : err(readRefusal(json))
}

/** A proxy's or a captive portal's page is not the operator's word. */
function readRefusal(json: unknown): Refusal {
  try {
    const error = jsonReader(json).object('error')
    const code = error.text('code')
    return Object.hasOwn(reasons, code)
      ? { code: code as ReasonCode, ...readFacts(error.raw('facts')) }
      : refusal('api.internal')
  } catch {
    return refusal('api.unreachable')
  }
}

function readFacts(value: unknown): Pick<Refusal, 'facts'> {
  if (typeof value !== 'object' || value === null) return {}
  const facts = Object.entries(value).filter((entry): entry is [string, string | number] =>
    ['string', 'number'].includes(typeof entry[1]),
  )
  return { facts: Object.fromEntries(facts) }
}

const readTrust = (json: JsonReader): TrustNews => ({
  root: publicKey(json.text('root')),
  trustList: json.text('trustList'),
  revocations: json.text('revocations'),
  policy: json.text('policy'),
  ...(json.has('nextPolicy') && { nextPolicy: json.text('nextPolicy') }),
  ...(json.has('revocationDeltas') && { revocationDeltas: json.texts('revocationDeltas', newsMax) }),
  ...(json.has('permits') && { permits: json.texts('permits', newsMax) }),
})

const readGrant = (json: JsonReader): GrantNews => ({ grant: json.text('grant'), trust: readTrust(json) })

const readReport = (json: JsonReader): ReportReply => ({
  acknowledgements: json.texts('acknowledgements', limits.walletReportChainsMax),
  sessions: json.objects('sessions', sessionsReportedMax).map((session) => ({
    sessionId: session.text('sessionId'),
    state: session.oneOf('state', ['seen', 'settled', 'case']),
  })),
  revocations: json.text('revocations'),
  ...(json.has('news') && { news: readSessionNews(json, sessionsReportedMax) }),
  ...(json.has('permits') && { permits: json.texts('permits', sessionsReportedMax) }),
  ...(json.has('revocationDeltas') && { revocationDeltas: json.texts('revocationDeltas', newsMax) }),
  ...(json.has('answers') && {
    answers: json.objects('answers', sessionsReportedMax).map((piece) => ({
      answer: piece.text('answer'),
      ...readOffer(piece),
    })),
  }),
  ...(json.has('receipts') && {
    receipts: json.objects('receipts', sessionsReportedMax).map((piece) => ({
      receipt: piece.text('receipt'),
      ...readOffer(piece),
    })),
  }),
})

const readOffer = (json: JsonReader): ReportedOffer => ({
  certificate: json.text('certificate'),
  offer: json.text('offer'),
})

export const readSignedIn = (json: JsonReader): SignedIn => {
  const passkey = json.object('passkey')
  return {
    accountId: json.text('accountId'),
    passkey: {
      credentialId: passkey.text('credentialId'),
      algorithm: passkey.oneOf('algorithm', ['ES256', 'EdDSA']),
      publicKey: passkey.text('publicKey'),
    },
  }
}

/** The options go to the browser's own WebAuthn, which checks them. */
const readChallenge = <T>(json: JsonReader): { readonly challengeId: string; readonly options: T } => ({
  challengeId: json.text('challengeId'),
  options: json.raw('options') as T,
})
