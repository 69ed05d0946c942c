/** Spans at a real collector's address, over HTTP, as the environment of OpenTelemetry says. */

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { startTracing } from '@/lib/tracing/start-tracing'
import { traced } from '@/lib/tracing/traced'

let server: Server | undefined
afterEach(() => server?.close())

interface Told {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] }
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[]
  }[]
}
interface Attribute {
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
}
interface Span {
  readonly name: string
  readonly parentSpanId?: string
  readonly spanId: string
  readonly attributes: readonly Attribute[]
  readonly events: readonly unknown[]
  readonly status: { readonly code: number; readonly message?: string }
}

/** Takes in what is posted to /v1/traces. */
async function collector(): Promise<{ readonly url: string; readonly bodies: Told[] }> {
  const bodies: Told[] = []
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (request.url === '/v1/traces') bodies.push(JSON.parse(Buffer.concat(chunks).toString()) as Told)
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies }
}

test('spans reach the collector with counts, and say of a failure that it happened and not what it said', async () => {
  const { url, bodies } = await collector()
  // The exporter reads the address from the process, as every program with OpenTelemetry does.
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = url
  try {
    const tracing = await startTracing({ service: 'outpost-test', version: '1.2.3' }, process.env)
    await traced('outer', { 'outpost.items': 2 }, () =>
      traced('inner', {}, () => Promise.reject(new Error('Ailsa Reid'))).catch(() => undefined),
    )
    const found = await traced(
      'counted',
      {},
      () => Promise.resolve([1, 2, 3]),
      (list) => ({ 'outpost.found': list.length }),
    )
    expect(found).toEqual([1, 2, 3])
    await tracing.stop()
  } finally {
    delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT']
  }
  const spans = bodies.flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
  )
  const named = (name: string): Span => spans.find((span) => span.name === name) ?? expect.fail(name)
  expect(named('outer').attributes).toEqual([{ key: 'outpost.items', value: { intValue: 2 } }])
  expect(named('inner')).toMatchObject({
    parentSpanId: named('outer').spanId,
    events: [],
    status: { code: 2 },
  })
  expect(named('counted').attributes).toEqual([{ key: 'outpost.found', value: { intValue: 3 } }])
  expect(JSON.stringify(bodies)).not.toContain('Ailsa')
  expect(bodies[0]?.resourceSpans[0]?.resource.attributes).toContainEqual({
    key: 'service.name',
    value: { stringValue: 'outpost-test' },
  })
})

test('without an address nothing is loaded, nothing is sent, and work goes on', async () => {
  const { bodies } = await collector()
  const tracing = await startTracing({ service: 'outpost-test', version: '1' }, {})
  expect(await traced('quiet', {}, () => Promise.resolve(7))).toBe(7)
  await tracing.stop()
  expect(bodies).toEqual([])
})

test('a collector that is not there keeps nobody waiting and breaks nothing', async () => {
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = 'http://127.0.0.1:9'
  process.env['OTEL_EXPORTER_OTLP_TIMEOUT'] = '300'
  try {
    const tracing = await startTracing({ service: 'outpost-test', version: '1' }, process.env)
    expect(await traced('lost', {}, () => Promise.resolve(7))).toBe(7)
    await tracing.stop()
  } finally {
    delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT']
    delete process.env['OTEL_EXPORTER_OTLP_TIMEOUT']
  }
})
