import { expect, test } from 'vitest'
import { RepeatMemory } from '@/charger-kiosk/ocpp/repeat-memory'

const answer = { transactionId: 7 }

test('The same content in another order of keys is the same message', () => {
  const memory = new RepeatMemory(4)
  memory.remember('StartTransaction', { connectorId: 1, idTag: 'A', nested: { x: 1, y: [2] } }, answer)
  expect(memory.recall('StartTransaction', { nested: { y: [2], x: 1 }, idTag: 'A', connectorId: 1 })).toBe(
    answer,
  )
})

test('Another value, or another action, is another message', () => {
  const memory = new RepeatMemory(4)
  memory.remember('StartTransaction', { idTag: 'A' }, answer)
  expect(memory.recall('StartTransaction', { idTag: 'B' })).toBeUndefined()
  expect(memory.recall('StopTransaction', { idTag: 'A' })).toBeUndefined()
})

test('The oldest answer is forgotten first', () => {
  const memory = new RepeatMemory(2)
  for (const idTag of ['A', 'B', 'C']) memory.remember('StartTransaction', { idTag }, answer)
  expect(memory.recall('StartTransaction', { idTag: 'A' })).toBeUndefined()
  expect(memory.recall('StartTransaction', { idTag: 'B' })).toBe(answer)
  expect(memory.recall('StartTransaction', { idTag: 'C' })).toBe(answer)
})
