import { expect, test } from 'vitest'
import { restAfterLook, viewFor } from '@/components/camera/look-plan'

const cycle = Array.from({ length: 5 }, (_, look) => viewFor(look, 1920, 1080))

test('looks in turn see the whole frame small, its middle sharp, and the whole frame sharp', () => {
  expect(cycle[0]).toMatchObject({ left: 0, width: 1920, toWidth: 800, toHeight: 450 })
  expect(cycle[1]).toMatchObject({
    left: 420,
    top: 0,
    width: 1080,
    height: 1080,
    toWidth: 1080,
    toHeight: 1080,
  })
  expect(cycle[2]).toMatchObject({ width: 1920, toWidth: 1920, toHeight: 1080 })
  expect(viewFor(5, 1920, 1080)).toEqual(cycle[0])
})

test('some looks are softened, for pictures in little light, and the first is not', () => {
  expect(cycle.map(({ softenTimes }) => softenTimes)).toEqual([0, 1, 0, 4, 2])
})

test('a small frame is never enlarged and a huge one never taken whole', () => {
  expect(viewFor(2, 640, 480)).toMatchObject({ toWidth: 640, toHeight: 480 })
  expect(viewFor(2, 3840, 2160)).toMatchObject({ toWidth: 1920, toHeight: 1080 })
})

test('twelve looks a second, and never more than two thirds of the thread', () => {
  expect(20 + restAfterLook(20)).toBe(83)
  expect(restAfterLook(200)).toBe(100)
})
