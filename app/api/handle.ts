/**
 * What every route has in common: the cloud, a limit on how often it may be called, who is signed in, and that a fault
 * of ours becomes a plain answer. A route is one of these around one command or query.
 */

import { refusal, type Refusal } from '@/lib/core/reason'
import { err, type Result } from '@/lib/core/result'
import { isProved, type Reach } from '@/lib/cloud/accounts/sign-ins'
import type { Cloud } from '@/lib/cloud/context'
import { withinOrganisation } from '@/lib/cloud/database/organisation-scope'
import { secretOf, standingOfKey } from '@/lib/cloud/organisations/api-keys'
import { standing, type ActingAs } from '@/lib/cloud/organisations/queries'
import { mayAct, type Act, type Role } from '@/lib/cloud/organisations/roles'
import { runningCloud } from '@/lib/cloud/running-cloud'
import { isTooMany, isTooManyOf, type Rate } from './rate-limit'
import { readJson } from './read-body'
import { refuse } from './respond'
import { isForeignWrite, signedInAccount, tokenOf } from './sign-in-cookie'

type Work = (cloud: Cloud, request: Request) => Promise<Response>
type Handler = (request: Request) => Promise<Response>

/** Anybody may call it. */
export function handle(work: Work, rate: Rate): Handler {
  return async (request) => {
    try {
      const cloud = await runningCloud()
      if (isTooMany(rate, request, Date.now(), cloud.config.trustedProxies))
        return refuse(refusal('api.rate-limited'))
      return unkept(await work(cloud, request))
    } catch (error) {
      const { pathname } = new URL(request.url)
      process.stderr.write(
        `${request.method} ${pathname}: ${error instanceof Error ? error.stack : String(error)}\n`,
      )
      return refuse(refusal('api.internal'))
    }
  }
}

/** No answer of the interface is kept by anybody on the way: most of them name somebody. */
function unkept(response: Response): Response {
  if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'no-store')
  return response
}

/** Reads a JSON body first. */
export const handleJson = (
  work: (cloud: Cloud, body: unknown, request: Request) => Promise<Response>,
  rate: Rate,
): Handler =>
  handle(async (cloud, request) => {
    const body = await readJson(request)
    return body.ok ? work(cloud, body.value, request) : refuse(body.error)
  }, rate)

/** Only for somebody who is signed in; writes only from our own pages. */
export const handleSignedIn = (
  work: (cloud: Cloud, accountId: string, request: Request) => Promise<Response>,
  rate: Rate = 'person',
  reach: Reach = 'driver',
): Handler =>
  handle(async (cloud, request) => {
    if (request.method !== 'GET' && isForeignWrite(cloud.config, request))
      return refuse(refusal('api.forbidden'))
    const accountId = await signedInAccount(cloud, request, reach)
    if (accountId === undefined) return refuse(refusal('api.unauthenticated'))
    if (isTooManyOf('person', accountId, Date.now())) return refuse(refusal('api.rate-limited'))
    return work(cloud, accountId, request)
  }, rate)

export const handleSignedInJson = (
  work: (cloud: Cloud, accountId: string, body: unknown, request: Request) => Promise<Response>,
  rate?: Rate,
): Handler =>
  handleSignedIn(async (cloud, accountId, request) => {
    const body = await readJson(request)
    return body.ok ? work(cloud, accountId, body.value, request) : refuse(body.error)
  }, rate)

export interface ActingMember {
  /** Who stands in audit lines: an account, or `api-key:` and the key's id. */
  readonly accountId: string
  readonly organisationId: string
  readonly role: Role
  /** What else this member may do. */
  may(act: Act): boolean
}

/** Its answers have as many rows as there are. */
const exporting: Act = 'session.export'

/** Which organisation somebody who belongs to several acts for. Without it: the first. */
const organisationHeader = 'outpost-organisation'

export interface MemberOptions {
  readonly asksProof?: boolean | undefined
  readonly overFleets?: boolean | undefined
  readonly bodyBytesMax?: number | undefined
}

/**
 * Only for members of an organisation whose role may do this, and for programs with a key that may. Whatever runs behind
 * it acts for that organisation alone: the database hides the rows of all others from it. Only what the operator's own
 * people may ask of all fleets runs without that veil, and this is the one place that lifts it.
 */
export const handleMember = (
  act: Act,
  work: (cloud: Cloud, member: ActingMember, body: unknown, request: Request) => Promise<Response>,
  options: MemberOptions = {},
): Handler =>
  handle(async (cloud, request) => {
    const allowed = await allow(cloud, request, act)
    if (!allowed.ok) return refuse(allowed.error)
    const overFleets = options.overFleets === true
    if (overFleets && allowed.value.kind !== 'operator') return refuse(refusal('organisation.role'))
    // One hostile or broken organisation must not use up what all have together.
    if (isTooManyOf('organisation', allowed.value.organisationId, Date.now()))
      return refuse(refusal('api.rate-limited'))
    if (options.asksProof === true && !(await isProvedHere(cloud, request)))
      return refuse(refusal('account.prove-again'))
    if (act === exporting && isTooManyOf('exports', allowed.value.organisationId, Date.now()))
      return refuse(refusal('api.rate-limited'))
    const body =
      request.method === 'GET'
        ? { ok: true as const, value: {} }
        : await readJson(request, options.bodyBytesMax)
    if (!body.ok) return refuse(body.error)
    const { author: accountId, organisationId, role, kind } = allowed.value
    const may = (other: Act): boolean => mayAct(role, kind, other)
    const run = (): Promise<Response> =>
      work(cloud, { accountId, organisationId, role, may }, body.value, request)
    return overFleets ? run() : withinOrganisation(organisationId, run)
  }, 'console')

/** A program has no passkey: what asks for one is for people alone. */
async function isProvedHere(cloud: Cloud, request: Request): Promise<boolean> {
  if (secretOf(request.headers.get('authorization')) !== undefined) return false
  const token = tokenOf(cloud.config, request)
  return token !== undefined && isProved(cloud, token)
}

/** A key that is shown counts alone: no browser sends one by itself, so it needs no look at the page it comes from. */
async function allow(cloud: Cloud, request: Request, act: Act): Promise<Result<ActingAs, Refusal>> {
  const secret = secretOf(request.headers.get('authorization'))
  if (secret !== undefined) return standingOfKey(cloud, secret, act)
  if (request.method !== 'GET' && isForeignWrite(cloud.config, request)) return err(refusal('api.forbidden'))
  const accountId = await signedInAccount(cloud, request, 'console')
  if (accountId === undefined) return err(refusal('api.unauthenticated'))
  return standing(cloud, accountId, act, request.headers.get(organisationHeader) ?? undefined)
}
