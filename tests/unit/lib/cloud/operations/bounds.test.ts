import { expect, test } from 'vitest'
import { limits } from '@/lib/core/limits'
import { everyOperation } from '@/lib/cloud/operations/every-operation'
import { keyOf, takes, textPlaces } from '@/tests/integration/cloud/schema-samples'

/** Of each kind of character that a pattern may ask for; blanks alone are cut off before they count. */
const endless = (length: number) => ['x', 'A', '0', '-', '€'].map((character) => character.repeat(length))

test.each(everyOperation.map((operation) => [operation.id, operation] as const))(
  '%s takes no text without bound, and no more than its body may bring',
  (_id, { params, query, body, bodyBytesMax = limits.requestBytesMax }) => {
    const unbounded = [params, query, body].flatMap((shape) =>
      textPlaces(shape)
        .filter(({ schema }) => endless(bodyBytesMax).some((text) => takes(schema, text)))
        .map(({ path }) => keyOf(path)),
    )
    expect(unbounded).toEqual([])
    expect(bodyBytesMax).toBeLessThanOrEqual(limits.bundleBytesMax)
  },
)

test.each(everyOperation.map((operation) => [operation.id, operation] as const))(
  '%s refuses what it does not know',
  (_id, { params, query, body }) => {
    for (const shape of [params, query, body]) {
      const known = Object.fromEntries(Object.keys(shape.shape).map((name) => [name, undefined]))
      const issues = shape.safeParse({ ...known, unheardOf: 1 }).error?.issues ?? []
      expect(issues.some(({ code }) => code === 'unrecognized_keys')).toBe(true)
    }
  },
)
