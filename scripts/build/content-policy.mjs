// What a page may run, load and tell whom: the content security policy, from the one list of scripts that it names.

/** Stands in a policy where the server puts a fresh number for each answer. */
export const noncePlace = '{nonce}'

/**
 * Nothing inline runs but what `scripts` names, and no style stands in a page at all. A payer leaves for the card
 * provider's page by navigation, which needs no entry here.
 * @param {object} [options]
 * @param {readonly string[]} [options.scripts] sources beside our own files: hashes, or a nonce
 * @param {readonly string[]} [options.peers] other origins that the page shows and talks to
 * @param {'none' | 'self'} [options.framedBy] who may show the page in a frame
 * @param {'none' | 'self'} [options.frames] whom the page shows in frames, beside its peers
 * @returns {string}
 */
export function contentPolicy({ scripts = [], peers = [], framedBy = 'none', frames = 'none' } = {}) {
  const framed = [...(frames === 'self' ? ["'self'"] : []), ...peers]
  return [
    "default-src 'self'",
    // The camera's decoder is WebAssembly.
    ['script-src', "'self'", "'wasm-unsafe-eval'", ...scripts].join(' '),
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    ['connect-src', "'self'", ...peers].join(' '),
    ['frame-src', ...(framed.length === 0 ? ["'none'"] : framed)].join(' '),
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors '${framedBy}'`,
  ].join('; ')
}
