import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { payloadText, withMember, withoutMember } from '@/charger-kiosk/ocpp/json-text'

/** JSON with spaces where nobody needs them. */
const oddly = (value: unknown): string => ` ${JSON.stringify(value, undefined, '\t ')}\n`

describe('the text of a payload', () => {
  test('is what stands in the frame, to the last space and digit', () => {
    const text = '{ "meterStart":1.0, "a":"]}\\"[", "b":[1,{"c":[]}] }'
    expect(payloadText(` [2, "id-1","StartTransaction",${text} ] `)).toBe(text)
  })

  test.each(['{}', '[3,"id",{}]', '[2,"id","Heartbeat"]', '[2,"id","X",{},1]', ''])(
    'is in no other frame: %s',
    (frame) => {
      expect(payloadText(frame)).toBeUndefined()
    },
  )
})

describe('one member of an object', () => {
  test('is set at its place, and nothing else moves', () => {
    expect(withMember('{ "a" : 1.0 , "t":7,"b":[1]}', 't', '-1')).toBe('{ "a" : 1.0 , "t":-1,"b":[1]}')
    expect(withMember('{ "a":{"t":1} }', 't', 'true')).toBe('{ "a":{"t":1} ,"t":true}')
    expect(withMember('{}', 't', '1')).toBe('{"t":1}')
  })

  test('is found by its name, however that is written, and the last of two counts', () => {
    expect(withMember('{"\\u0074":1,"t":2}', 't', '3')).toBe('{"\\u0074":1,"t":3}')
  })

  test('is taken away with its comma', () => {
    expect(withoutMember('{"t":1, "a":2}', 't')).toBe('{"a":2}')
    expect(withoutMember('{"a":2 ,"t":[1,2]}', 't')).toBe('{"a":2}')
    expect(withoutMember('{"t":1}', 't')).toBe('{}')
    expect(withoutMember('{"a":{"t":1}}', 't')).toBe('{"a":{"t":1}}')
  })

  test('for any object: reading the text afterwards gives the object with it, or without it', () => {
    const objects = fc.dictionary(fc.string({ maxLength: 6 }), fc.jsonValue({ maxDepth: 3 }), {
      maxKeys: 6,
      noNullPrototype: true,
    })
    fc.assert(
      fc.property(objects, fc.string({ maxLength: 6 }), fc.integer(), (object, name, value) => {
        fc.pre(name !== '__proto__' && !Object.keys(object).includes('__proto__'))
        for (const text of [JSON.stringify(object), oddly(object)]) {
          expect(JSON.parse(withMember(text, name, String(value)))).toEqual({
            ...plain(object),
            [name]: value,
          })
          const { [name]: _gone, ...others } = plain(object)
          expect(JSON.parse(withoutMember(text, name))).toEqual(others)
        }
      }),
      { numRuns: 100 },
    )
  })
})

/** As JSON says it: −0 is 0 there. */
const plain = (value: object): Record<string, unknown> =>
  JSON.parse(JSON.stringify(value)) as Record<string, unknown>
