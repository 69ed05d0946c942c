// What stands inline in a built page: scripts, which a policy must name, and styles, which must not be there.
import { createHash } from 'node:crypto'

/** A script's text ends at the first `</script`, whatever it holds; the framework escapes that. */
const scripts = /<script\b([^>]*)>([\s\S]*?)<\/script>/gi
const styleElement = /<style\b/i
const tags = /<[a-z][^<>]*>/gi
const inlineAttribute = /\s(style|on[a-z]+)\s*=\s*"/i

/**
 * @param {string} html as the server sends it
 * @returns {string[]} one source for `script-src` for each different inline script, in order
 */
export function inlineScriptHashes(html) {
  const texts = [...html.matchAll(scripts)]
    .filter(([, attributes]) => !/\ssrc\s*=/i.test(attributes))
    .map(([, , text]) => text)
  return [...new Set(texts)].map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
}

/**
 * What a strict policy would silently ignore: style elements, style attributes and event attributes.
 * @param {string} html
 * @returns {string[]} the first part of each offender
 */
export function refusedInlineCode(html) {
  const markup = html.replaceAll(scripts, '')
  const found = [...markup.matchAll(tags)]
    .map(([tag]) => tag)
    .filter((tag) => styleElement.test(tag) || inlineAttribute.test(tag))
  return found.map((tag) => tag.slice(0, 120))
}
