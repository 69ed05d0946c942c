import { expect, test } from 'vitest'
import { viewFor } from '@/components/camera/scan-loop'

test('three looks in a row see the whole frame small, its middle sharp, and the whole frame sharp', () => {
  expect(viewFor(0, 1920, 1080)).toMatchObject({ left: 0, width: 1920, toWidth: 800, toHeight: 450 })
  expect(viewFor(1, 1920, 1080)).toEqual({
    left: 420,
    top: 0,
    width: 1080,
    height: 1080,
    toWidth: 1080,
    toHeight: 1080,
  })
  expect(viewFor(2, 1920, 1080)).toMatchObject({ width: 1920, toWidth: 1920, toHeight: 1080 })
  expect(viewFor(3, 1920, 1080)).toEqual(viewFor(0, 1920, 1080))
})

test('a small frame is never enlarged and a huge one never taken whole', () => {
  expect(viewFor(2, 640, 480)).toMatchObject({ toWidth: 640, toHeight: 480 })
  expect(viewFor(2, 3840, 2160)).toMatchObject({ toWidth: 1920, toHeight: 1080 })
})
