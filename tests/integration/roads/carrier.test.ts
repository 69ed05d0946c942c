/** What a carrier takes for the operator's answer, on a real socket. */

import { randomBytes } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import type { Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import { ok } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import { hpkePair, sealWithHpke } from '@/lib/crypto/hpke'
import { postParcels } from '@/lib/roads/carrier'
import { sealAnswer } from '@/lib/roads/parcel-answer'
import { encodeParcel, packParcel, parcelSecret } from '@/lib/sync/parcel'
import { RouteServer } from '@/tests/fixtures/route-server'

const { publicKey: to } = await hpkePair(randomBytes(32))
const secret = parcelSecret(randomBytes(32))
const parcel = await packParcel(
  {
    ...{ bundle: Uint8Array.of(1), secret, to, nowS: epochSeconds(1_700_000_000), lifetimeH: 1 },
    priority: 'ordinary',
  },
  sealWithHpke,
)
const answerFor = (id = parcel.label.id): Promise<Bytes> =>
  sealAnswer(
    { id, mailbox: secret.mailbox },
    ok({ acknowledgement: Uint8Array.of(1) }),
    secret.answerKeyOf(id),
    randomBytes(12),
  )

let server: RouteServer | undefined
afterEach(() => server?.close())

async function posted(respond: () => Response | Promise<Response>) {
  server = await new RouteServer({ '/api/v1/parcels': async () => respond() }).listen()
  return postParcels(server.origin)(encodeParcel(parcel), parcel.label)
}

test('the answer to this very parcel is taken', async () => {
  const bytes = await answerFor()
  expect(await posted(() => new Response(bytes))).toEqual({ kind: 'answer', bytes })
})

test('another parcel’s answer, a portal’s page and an endless body are not the operator’s: later', async () => {
  const foreign = await answerFor(secret.idOf(Uint8Array.of(2)))
  const bodies = [
    foreign,
    '<html>Log in to the wireless network</html>',
    new Uint8Array(limits.parcelAnswerBytesMax + 1),
  ]
  for (const body of bodies) {
    expect((await posted(() => new Response(body))).kind).toBe('later')
    await server?.close()
  }
  server = undefined
})

test('a portal that leads elsewhere is not followed', async () => {
  const away = () => new Response('', { status: 302, headers: { location: 'http://127.0.0.1:9/' } })
  expect((await posted(away)).kind).toBe('later')
})

test('what the operator refuses is told by its reason; what passes is told by when', async () => {
  const refuse =
    (code: string, status: number, headers = {}) =>
    () =>
      new Response(JSON.stringify({ error: { code } }), { status, headers })
  expect(await posted(refuse('parcel.key', 400))).toEqual({ kind: 'refused', code: 'parcel.key' })
  await server?.close()
  expect(await posted(refuse('api.rate-limited', 429, { 'retry-after': '30' }))).toMatchObject({
    ...{ kind: 'later', afterS: 30 },
  })
  await server?.close()
  expect((await posted(refuse('api.busy', 503))).kind).toBe('later')
})

test('nobody there is later', async () => {
  expect((await postParcels('http://127.0.0.1:9')(encodeParcel(parcel), parcel.label)).kind).toBe('later')
})
