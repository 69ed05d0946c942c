import { expect, test } from 'vitest'
import { readOptions } from '@/scripts/courier/options'

const read = (...args: string[]) => readOptions(args, '/home/isla')

test('a folder is meant as somebody stands, and an address is cut down to its origin', () => {
  expect(read('stick', '--to', 'https://charge.example.org/fleet?x=1')).toEqual({
    ok: true,
    value: {
      ...{ folder: '/home/isla/stick', origin: 'https://charge.example.org', isAgain: false, isJson: false },
    },
  })
  expect(read('/media/isla/STICK', '--to', 'http://127.0.0.1:3000', '--again', '--json')).toMatchObject({
    value: { folder: '/media/isla/STICK', origin: 'http://127.0.0.1:3000', isAgain: true, isJson: true },
  })
})

test.each([
  ['no folder', ['--to', 'https://charge.example.org']],
  ['two folders', ['a', 'b', '--to', 'https://charge.example.org']],
  ['no cloud', ['a']],
  ['a cloud that anybody on the way could be', ['a', '--to', 'http://charge.example.org']],
  ['no address', ['a', '--to', 'charge.example.org']],
  ['a word that is not known', ['a', '--too', 'https://charge.example.org']],
])('with %s nothing is begun', (_what, args) => {
  expect(read(...args).ok).toBe(false)
})
