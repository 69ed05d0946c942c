import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { toBase64Url, toBytes, utf8, type Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import { expectOk } from '@/lib/core/result'
import { durationMs, epochSeconds } from '@/lib/core/units'
import { verifyWithNode } from '@/lib/crypto/node'
import { MemoryDisk, openMemoryJournal } from '@/lib/journal/memory-disk'
import { httpsRoad } from '@/lib/roads/https-road'
import { uploadOnce } from '@/lib/roads/upload'
import { countingRandom, events, testDevice } from '../../contracts/journal'
import { deviceSigner, named } from '../../fixtures/device-log'
import { MemoryReceiver, trust } from '../../fixtures/issuer'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const send = async (listener: RequestListener, bundle: Bytes = utf8('bundle'), timeoutMs = 5_000) =>
  httpsRoad({ origin: await serve(listener), timeoutMs: durationMs(timeoutMs) }).send(bundle)

const codeOf = async (listener: RequestListener): Promise<string> => {
  const answer = await send(listener)
  return answer.ok ? 'ok' : answer.error.code
}

async function bodyOf(request: IncomingMessage): Promise<Bytes> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return toBytes(Buffer.concat(chunks))
}

const json =
  (body: unknown, status = 200): RequestListener =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  }

test('a bundle is posted as it is, and the answer comes back as bytes', async () => {
  const seen: unknown[] = []
  const answer = await send((request, response) => {
    void bodyOf(request).then((body) => {
      seen.push(request.method, request.url, request.headers['content-type'], body)
      json({ acknowledgement: toBase64Url(utf8('ack')) })(request, response)
    })
  })
  expect(seen).toEqual(['POST', '/api/v1/sync', 'application/cbor', utf8('bundle')])
  expect(expectOk(answer, 'send')).toEqual({ acknowledgement: utf8('ack') })
})

test('a refusal keeps its reason and what the cloud holds', async () => {
  const refused = await send(
    json({ error: { code: 'device.gap', facts: { size: 2 } }, acknowledgement: 'YQ' }, 409),
  )
  expect(refused.ok ? undefined : refused.error).toMatchObject({
    code: 'device.gap',
    facts: { size: 2 },
    acknowledgement: utf8('a'),
  })
})

test('a port where nobody listens is unreachable', async () => {
  const origin = await serve(json({}))
  servers.splice(0).forEach((server) => server.close())
  const answer = await httpsRoad({ origin }).send(utf8('x'))
  expect(answer.ok ? undefined : answer.error.code).toBe('api.unreachable')
})

test('a server that never answers is unreachable after the timeout', async () => {
  const answer = await send(() => undefined, utf8('x'), 200)
  expect(answer.ok ? undefined : answer.error.code).toBe('api.unreachable')
})

test('a server that stops in the middle of its answer is unreachable after the timeout', async () => {
  const answer = await send(
    (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.write('{"acknowledgement":')
    },
    utf8('x'),
    300,
  )
  expect(answer.ok ? undefined : answer.error.code).toBe('api.unreachable')
})

test('a connection that breaks in the middle of the answer is unreachable', async () => {
  expect(
    await codeOf((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
      response.write('{"acknowledgement":', () => response.destroy())
    }),
  ).toBe('api.unreachable')
})

test('bytes that are not HTTP are unreachable', async () => {
  expect(await codeOf((_, response) => response.socket?.end('SSH-2.0-OpenSSH_9.2\r\n'))).toBe(
    'api.unreachable',
  )
})

test('a redirect is not followed', async () => {
  let elsewhere = 0
  const portal = await serve((_, response) => {
    elsewhere += 1
    response.end()
  })
  expect(
    await codeOf((_, response) => {
      response.writeHead(307, { location: portal })
      response.end()
    }),
  ).toBe('api.unreachable')
  expect(elsewhere).toBe(0)
})

test('the page of a captive portal is malformed, whatever its status says', async () => {
  expect(
    await codeOf((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' })
      response.end('<html>Welcome to the guest network</html>')
    }),
  ).toBe('api.malformed')
})

test('JSON without an acknowledgement is malformed', async () => {
  expect(await codeOf(json({ hello: 'world' }))).toBe('api.malformed')
})

test('an error page of a proxy is unreachable', async () => {
  expect(
    await codeOf((_, response) => {
      response.writeHead(502, { 'content-type': 'text/html' })
      response.end('<h1>Bad gateway</h1>')
    }),
  ).toBe('api.unreachable')
})

test('an endless answer is cut off at the cap, and its connection is closed', async () => {
  let closed: Promise<unknown> = Promise.reject(new Error('nobody asked'))
  closed.catch(() => undefined)
  const code = await codeOf((_, response) => {
    closed = once(response, 'close')
    response.writeHead(200, { 'content-type': 'application/json' })
    const more = (): void => {
      if (!response.destroyed) response.write(Buffer.alloc(limits.roadReplyBytesMax, 0x20))
    }
    response.on('drain', more)
    more()
  })
  expect(code).toBe('api.too-large')
  await closed
})

test('a journal reaches its receiver over a real socket, and the acknowledgement comes back', async () => {
  const journal = expectOk(
    openMemoryJournal(new MemoryDisk(), { device: testDevice, random: countingRandom() }),
    'open',
  )
  journal.append(events('a', 'b', 'c'))
  const receiver = new MemoryReceiver(deviceSigner.publicKey)
  const origin = await serve((request, response) => {
    void bodyOf(request)
      .then(receiver.receive)
      .then((answer) => {
        const body = answer.ok ? { acknowledgement: toBase64Url(answer.value.acknowledgement) } : {}
        json(body, answer.ok ? 200 : 400)(request, response)
      })
  })
  const parts = { journal, signer: deviceSigner, certificate: Uint8Array.of(0xa0), verify: verifyWithNode }
  const uploaded = await uploadOnce(
    { ...parts, road: httpsRoad({ origin }) },
    trust,
    0,
    epochSeconds(1_700_000_000),
  )
  expect(expectOk(uploaded, 'upload').heldByReceiver).toBe(3)
  expect(receiver.eventsOf(1)).toEqual(named('a', 'b', 'c'))
  expect(journal.acknowledgedSize).toBe(3)
})
