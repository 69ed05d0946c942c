import { describe, expect, test } from 'vitest'
import { Outbox, type NewMessage } from '@/charger-kiosk/forward/outbox'
import { chargePointIdentity } from '@/charger-kiosk/ocpp/ids'

const charger = chargePointIdentity('CP-1')
const other = chargePointIdentity('CP-2')

let number = 0
const message = (changes: Partial<NewMessage> = {}): NewMessage => ({
  charger,
  action: 'MeterValues',
  payload: `{"n":${(number += 1)}}`,
  importance: 2,
  digest: String(number),
  transactionId: undefined,
  wasCutOff: false,
  heardAtS: 1_790_000_000 + number,
  ...changes,
})
const open = () => new Outbox(':memory:', '')

function drain(outbox: Outbox): readonly string[] {
  const actions: string[] = []
  for (let next = outbox.next(charger); next !== undefined; next = outbox.next(charger)) {
    actions.push(next.action)
    outbox.delivered(charger, next)
  }
  return actions
}

describe('the outbox', () => {
  test('gives each charger’s messages back in their order, and a repeat only once, told or not', () => {
    const outbox = open()
    const first = message()
    expect(outbox.add(first)).toBe(true)
    outbox.add(message({ charger: other }))
    outbox.add(message())
    expect(outbox.add(first)).toBe(false)
    expect(outbox.next(charger)?.payload).toBe(first.payload)
    expect(drain(outbox)).toHaveLength(2)
    expect(outbox.add(first)).toBe(false)
    expect(outbox.figures(other).waiting).toBe(1)
    outbox.close()
  })

  test('knows a transaction by both names, and by its tag where a stop lost its number', () => {
    const outbox = open()
    const start = { action: 'StartTransaction', importance: 0 } as const
    outbox.add(message({ ...start, transactionId: 3, startTag: 'tag-3' }))
    outbox.add(message({ ...start, transactionId: 4, startTag: 'tag-4' }))
    // The charger repeats its start in other words: the site CSMS was told of this transaction already.
    expect(outbox.add(message({ ...start, transactionId: 3, startTag: 'tag-3' }))).toBe(false)
    const first = outbox.next(charger)
    if (first !== undefined) outbox.delivered(charger, first, 7_001)
    expect(outbox.siteIdOf(charger, 3)).toBe(7_001)
    expect(outbox.ownIdOf(charger, 7_001)).toBe(3)
    expect(outbox.siteIdOf(charger, 4)).toBeUndefined()
    expect(outbox.openByTag(charger, 'tag-4')).toBe(4)
    expect(outbox.openByTag(charger, undefined)).toBeUndefined()
    outbox.add(message({ action: 'StopTransaction', importance: 0, transactionId: 3 }))
    expect(outbox.openByTag(charger, undefined)).toBe(4)
    outbox.close()
  })

  test('gives a start that was repeated under another number of ours the site’s one number', () => {
    const outbox = open()
    const start = message({ action: 'StartTransaction', importance: 0, transactionId: 3, startTag: 'tag' })
    outbox.add(start)
    expect(outbox.add({ ...start, transactionId: 4 })).toBe(false)
    const first = outbox.next(charger)
    if (first !== undefined) outbox.delivered(charger, first, 7_001)
    expect([3, 4].map((id) => outbox.siteIdOf(charger, id))).toEqual([7_001, 7_001])
    // The charger was last told that it is 4.
    expect(outbox.ownIdOf(charger, 7_001)).toBe(4)
    outbox.close()
  })

  test('makes room by every second reading, then what happened between, and keeps begins and ends to the last', () => {
    const outbox = open()
    const add = (changes: Partial<NewMessage>): number => {
      outbox.add(message(changes))
      return outbox.keepBounded(charger, 50)
    }
    for (let session = 0; session < 10; session += 1) {
      add({ action: 'StartTransaction', importance: 0, transactionId: session + 1, startTag: 's' })
      for (let n = 0; n < 20; n += 1) add({})
      add({ action: 'StopTransaction', importance: 0, transactionId: session + 1 })
    }
    const { waiting, dropped } = outbox.figures(charger)
    expect(waiting).toBeLessThanOrEqual(100)
    expect(waiting + dropped).toBe(220)
    const left = drain(outbox)
    expect(left.filter((action) => action === 'StartTransaction')).toHaveLength(10)
    expect(left.filter((action) => action === 'StopTransaction')).toHaveLength(10)
    expect(left.filter((action) => action === 'MeterValues').length).toBeGreaterThan(10)

    for (let n = 0; n < 200; n += 1)
      add({ action: 'StopTransaction', importance: 0, transactionId: 1_000 + n })
    expect(outbox.figures(charger).waiting).toBeLessThanOrEqual(100)
    outbox.close()
  })

  test('sets aside what is never taken, with the reason, out of the way of what is behind it', () => {
    const outbox = open()
    outbox.add(message({ action: 'StopTransaction' }))
    outbox.add(message())
    const stuck = outbox.next(charger)
    if (stuck !== undefined) outbox.setAside(charger, stuck, 'InternalError', 1_790_000_500)
    expect(outbox.aside(charger)).toMatchObject([{ action: 'StopTransaction', reason: 'InternalError' }])
    expect(drain(outbox)).toEqual(['MeterValues'])
    expect(outbox.figures(charger)).toMatchObject({
      waiting: 0,
      setAside: 1,
      delivered: 1,
      oldestAtS: undefined,
    })
    outbox.close()
  })
})
