import { expect, test } from 'vitest'
import { SerialQueue } from '@/charger-kiosk/ocpp/serial-queue'

test('Tasks run one after another, also behind one that fails', async () => {
  const queue = new SerialQueue(8)
  const order: string[] = []
  const first = queue.push(async () => {
    await Promise.resolve()
    order.push('first')
    throw new Error('broken')
  })
  const second = queue.push(async () => order.push('second'))
  await expect(first).rejects.toThrow('broken')
  await second
  expect(order).toEqual(['first', 'second'])
})

test('A full queue refuses, what is ours still joins, and room comes back', async () => {
  const queue = new SerialQueue(1)
  const running = queue.push(async () => 1)
  expect(queue.push(async () => 2)).toBeUndefined()
  const ours = queue.append(async () => 3)
  expect([await running, await ours]).toEqual([1, 3])
  await queue.idle()
  expect(await queue.push(async () => 4)).toBe(4)
})
