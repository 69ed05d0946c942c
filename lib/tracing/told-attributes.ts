/** What of a span is told outside: the framework's own spans hold addresses and whole paths, which name people. Pure. */

const told: ReadonlySet<string> = new Set([
  ...['http.route', 'http.method', 'http.request.method', 'http.status_code', 'http.response.status_code'],
  ...['next.route', 'next.span_type'],
])

type Attributes = Readonly<Record<string, unknown>>

/** Ours begin with `outpost.` and hold counts and words from closed lists. */
export const toldAttributes = (attributes: Attributes): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(attributes).filter(([name]) => told.has(name) || name.startsWith('outpost.')),
  )

/** By the route's pattern; a name with a path that no pattern explains keeps its first word. */
export function toldName(name: string, attributes: Attributes): string {
  if (!name.includes('/')) return name
  const route = attributes['http.route'] ?? attributes['next.route']
  const [verb = 'span'] = name.split(' ')
  return typeof route === 'string'
    ? `${verb.includes('/') ? 'span' : verb} ${route}`
    : verb.replace(/\/.*/, '')
}
