/**
 * Sends spans to the collector that the environment names, by the variables that OpenTelemetry defines
 * (OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS, OTEL_TRACES_SAMPLER…). Loads nothing where none is named.
 */

import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node'
import { toldAttributes, toldName } from './told-attributes'

export interface TracedProcess {
  /** `outpost-cloud`, `outpost-kiosk`… */
  readonly service: string
  readonly version: string
}

export interface Tracing {
  /** Sends what has not been sent; never rejects. */
  stop(): Promise<void>
}

const nothing: Tracing = { stop: () => Promise.resolve() }

export async function startTracing(
  { service, version }: TracedProcess,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Tracing> {
  const named = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'].some(
    (name) => (environment[name] ?? '') !== '',
  )
  if (!named || environment['OTEL_SDK_DISABLED'] === 'true') return nothing
  const [{ OTLPTraceExporter }, { NodeTracerProvider, BatchSpanProcessor }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/resources'),
    ])
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.version': version }),
    spanProcessors: [new BatchSpanProcessor(withoutPersons(new OTLPTraceExporter()))],
  })
  provider.register()
  return { stop: () => provider.shutdown().catch(() => undefined) }
}

const withoutPersons = (exporter: SpanExporter): SpanExporter => ({
  export: (spans, done) => exporter.export(spans.map(told), done),
  shutdown: () => exporter.shutdown(),
  forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
})

/** Events hold what exceptions said; links and statuses hold words as well. */
const told = (span: ReadableSpan): ReadableSpan =>
  Object.create(span, {
    name: { value: toldName(span.name, span.attributes) },
    attributes: { value: toldAttributes(span.attributes) },
    events: { value: [] },
    status: { value: { code: span.status.code } },
  }) as ReadableSpan
