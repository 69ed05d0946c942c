/** A route of the consoles' API: rights and shapes by the operation's description, then one command or query. */

import type { z } from 'zod'
import { refusal, type Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import type { Cloud } from '@/lib/cloud/context'
import type { AnswerOf, Operation } from '@/lib/cloud/operations/operation'
import { handleMember, handleSignedIn, type ActingMember } from './handle'
import { readJson } from './read-body'
import { answer, refuse } from './respond'

interface Asked<T extends Operation> {
  readonly params: z.output<T['params']>
  readonly query: z.output<T['query']>
  readonly body: z.output<T['body']>
}

/** What Next gives a route; static ones get no parameters. */
interface Place {
  readonly params?: Promise<Readonly<Record<string, unknown>>>
}
type Route = (request: Request, place?: Place) => Promise<Response>

type Outcome<T extends Operation> = Promise<Result<AnswerOf<T>, Refusal>>

/** For members whose role allows the operation's act. */
export const memberRoute = <T extends Operation>(
  operation: T,
  work: (cloud: Cloud, member: ActingMember, asked: Asked<T>) => Outcome<T>,
): Route => routeOf(operation, async (cloud, member, asked) => answer(await work(cloud, member, asked)))

/** Likewise, for operations whose answer is a file: the work gives the whole response. */
export const fileRoute = <T extends Operation>(
  operation: T,
  work: (cloud: Cloud, member: ActingMember, asked: Asked<T>) => Promise<Result<Response, Refusal>>,
): Route =>
  routeOf(operation, async (cloud, member, asked) => {
    const file = await work(cloud, member, asked)
    return file.ok ? file.value : refuse(file.error)
  })

const routeOf =
  <T extends Operation>(
    operation: T,
    work: (cloud: Cloud, member: ActingMember, asked: Asked<T>) => Promise<Response>,
  ): Route =>
  (request, place) => {
    if (operation.act === 'signed-in') throw new Error(`${operation.id} belongs to no organisation`)
    return handleMember(
      operation.act,
      async (cloud, member, body) => {
        const asked = await read(operation, request, place, body)
        return asked === undefined ? refuse(refusal('api.malformed')) : work(cloud, member, asked)
      },
      operation,
    )(request)
  }

/** For anybody who is signed in, as themselves. */
export const personRoute =
  <T extends Operation>(
    operation: T,
    work: (cloud: Cloud, accountId: string, asked: Asked<T>) => Outcome<T>,
  ): Route =>
  (request, place) =>
    handleSignedIn(
      async (cloud, accountId) => {
        const body = request.method === 'GET' ? { ok: true as const, value: {} } : await readJson(request)
        if (!body.ok) return refuse(body.error)
        const asked = await read(operation, request, place, body.value)
        return asked === undefined
          ? refuse(refusal('api.malformed'))
          : answer(await work(cloud, accountId, asked))
      },
      'account',
      'console',
    )(request)

async function read<T extends Operation>(
  operation: T,
  request: Request,
  place: Place | undefined,
  body: unknown,
): Promise<Asked<T> | undefined> {
  const params = operation.params.safeParse((await place?.params) ?? {})
  const query = operation.query.safeParse(Object.fromEntries(new URL(request.url).searchParams))
  const shaped = operation.body.safeParse(body)
  if (!params.success || !query.success || !shaped.success) return undefined
  const asked = { params: params.data, query: query.data, body: shaped.data }
  return holdsNul(asked) ? undefined : (asked as Asked<T>)
}

/** PostgreSQL has no place for the character 0 in a text: what holds one can be neither kept nor looked for. */
const holdsNul = (value: unknown): boolean =>
  typeof value === 'string'
    ? value.includes('\0')
    : typeof value === 'object' && value !== null && Object.values(value).some(holdsNul)
