import { expect, test } from 'vitest'
import type { Picture } from '@/components/camera/read-code'
import { softened } from '@/components/camera/soften'

function picture(rows: readonly (readonly number[])[]): Picture {
  const data = new Uint8ClampedArray(new ArrayBuffer(rows.length * (rows[0]?.length ?? 0) * 4)).fill(255)
  rows.flat().forEach((level, at) => data.set([level, level, level], 4 * at))
  return { data, width: rows[0]?.length ?? 0, height: rows.length }
}

const levels = ({ data, width }: Picture): number[][] => {
  const all = Array.from({ length: data.length / 4 }, (_, at) => data[4 * at] ?? 0)
  return Array.from({ length: all.length / width }, (_, row) => all.slice(row * width, (row + 1) * width))
}

test('a single grain is spread over its neighbours', () => {
  const rows = [
    [0, 0, 0],
    [0, 160, 0],
    [0, 0, 0],
  ]
  expect(levels(softened(picture(rows), 1))).toEqual([
    [10, 20, 10],
    [20, 40, 20],
    [10, 20, 10],
  ])
})

test('an even ground stays as it is, up to its edges', () => {
  const rows = [
    [90, 90],
    [90, 90],
  ]
  expect(levels(softened(picture(rows), 3))).toEqual(rows)
})

test('an edge stays where it is', () => {
  const [row] = levels(softened(picture([[0, 0, 0, 200, 200, 200]]), 2))
  expect(row?.map((level) => level > 100)).toEqual([false, false, false, true, true, true])
})

test('colour is gone and nothing becomes transparent', () => {
  const { data } = softened({ data: new Uint8ClampedArray([9, 70, 200, 0]), width: 1, height: 1 }, 1)
  expect([...data]).toEqual([70, 70, 70, 255])
})
