/**
 * Where the payload of a soft navigation is kept. Next's router asks for `GET /verify?_rsc=…` with `RSC: 1`, and for
 * one part of a page with `Next-Router-Segment-Prefetch: /verify/__PAGE__`; `next build` wrote both as files.
 */

/** A part's name as the router sends it: segments of letters, digits and the marks that Next escapes with. */
const partName = /^(?:\/[\w!$%@.~()-]+){1,24}$/

/** Undefined when the named part cannot be a file of ours. */
export function payloadPath(pathname: string, part: string | null): string | undefined {
  const page = pathname === '/' ? 'index' : pathname.slice(1)
  const folder = '/_next/static/offline/'
  if (part === null) return `${folder}${page}.rsc.txt`
  if (!partName.test(part) || part.includes('..')) return undefined
  return `${folder}${page}.segments${part}.segment.rsc.txt`
}
