/** A span around a piece of work, for whoever runs a collector; free where nobody does. */

import { SpanStatusCode, trace } from '@opentelemetry/api'

/** Counts, sizes, and words from closed lists: nothing that names anybody. */
export type SpanFacts = Readonly<Record<`outpost.${string}`, string | number | boolean>>

/** Rejects as `work` does; the span then says that it failed, and not why. @param after facts that the result shows */
export function traced<T>(
  name: string,
  facts: SpanFacts,
  work: () => Promise<T>,
  after: (result: T) => SpanFacts = () => ({}),
): Promise<T> {
  return trace.getTracer('outpost').startActiveSpan(name, { attributes: facts }, async (span) => {
    try {
      const result = await work()
      span.setAttributes(after(result))
      return result
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR })
      throw error
    } finally {
      span.end()
    }
  })
}
