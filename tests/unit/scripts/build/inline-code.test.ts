import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { inlineScriptHashes, refusedInlineCode } from '@/scripts/build/inline-code.mjs'

const source = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

test('each inline script is named once, by the hash of its exact text', () => {
  const html = '<script>a( 1 )</script><script id="x">\nb("ü")\n</script><script>a( 1 )</script>'
  expect(inlineScriptHashes(html)).toEqual([source('a( 1 )'), source('\nb("ü")\n')])
})

test('a script of its own file needs no hash', () => {
  expect(
    inlineScriptHashes('<script src="/a.js" async=""></script><script async SRC="/b.js"></script>'),
  ).toEqual([])
})

test('styles and handlers inside a page are found', () => {
  expect(refusedInlineCode('<p style="color:red">')).toHaveLength(1)
  expect(refusedInlineCode('<style data-x="1">p{}</style>')).toHaveLength(1)
  expect(refusedInlineCode('<button onclick="steal()">')).toHaveLength(1)
})

test('words about styles are no styles, and neither is what a script holds', () => {
  expect(refusedInlineCode('<p class="style">style="x"</p><link rel="stylesheet" href="/a.css">')).toEqual([])
  expect(refusedInlineCode('<script>push("<p style=\\"color:red\\">")</script>')).toEqual([])
})
