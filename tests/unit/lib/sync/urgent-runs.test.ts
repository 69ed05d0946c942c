import { expect, test } from 'vitest'
import { urgentRuns } from '@/lib/sync/urgent-runs'

const runs = (text: string, firstSeq = 0, held: { from: number; to: number }[] = []) =>
  urgentRuns(
    [...text].map((letter) => letter === 'U'),
    firstSeq,
    held,
  ).map(({ from, to }) => `${from}-${to}`)

test('nothing urgent, nothing that must go', () => {
  expect(runs('')).toEqual([])
  expect(runs('.....')).toEqual([])
})

test('each urgent stretch is a run of its own, where a long quiet one lies between', () => {
  expect(runs('..U..........U')).toEqual(['2-3', '13-14'])
  expect(runs('UU', 40)).toEqual(['40-42'])
})

test('a short quiet stretch goes along', () => {
  expect(runs('U...U')).toEqual(['0-5'])
})

test('what is held does not go again, nor what only bridges to it', () => {
  expect(runs('U..........U', 10, [{ from: 9, to: 12 }])).toEqual(['21-22'])
  expect(runs('U..U', 0, [{ from: 1, to: 3 }])).toEqual(['0-1', '3-4'])
})
