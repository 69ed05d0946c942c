import { expect, test } from 'vitest'
import { deviceCameraSource } from '@/components/camera/device-camera-source'

/** A camera in memory: counts how often people were asked, and lets a test decide what they answer. */
function cameraInMemory(answer: 'allow' | string) {
  const streams: { ended: boolean }[] = []
  const getUserMedia = (): Promise<MediaStream> => {
    if (answer !== 'allow') return Promise.reject(new DOMException('said no', answer))
    const track = { ended: false }
    streams.push(track)
    const media = {
      get readyState() {
        return track.ended ? 'ended' : 'live'
      },
      stop: () => {
        track.ended = true
      },
    }
    return Promise.resolve({
      getVideoTracks: () => [media],
      getTracks: () => [media],
    } as unknown as MediaStream)
  }
  return { getUserMedia, streams }
}

test('people are asked once a visit, even when two screens open the camera at the same time', async () => {
  const camera = cameraInMemory('allow')
  const source = deviceCameraSource('user', camera)
  const [first, second] = await Promise.all([source.open(), source.open()])
  const third = await source.open()
  expect(camera.streams).toHaveLength(1)
  expect(
    first.ok && second.ok && third.ok && first.value === second.value && second.value === third.value,
  ).toBe(true)
})

test('closing turns the camera off, and opening again asks again', async () => {
  const camera = cameraInMemory('allow')
  const source = deviceCameraSource('user', camera)
  await source.open()
  source.close()
  expect(camera.streams[0]?.ended).toBe(true)
  expect((await source.open()).ok).toBe(true)
  expect(camera.streams).toHaveLength(2)
})

test('a camera that is granted after the screen was left does not stay on', async () => {
  const camera = cameraInMemory('allow')
  const source = deviceCameraSource('user', camera)
  const opening = source.open()
  source.close()
  expect(await opening).toEqual({ ok: false, error: 'phone.camera-missing' })
  expect(camera.streams[0]?.ended).toBe(true)
})

test.each([
  ['NotAllowedError', 'phone.camera-denied'],
  ['SecurityError', 'phone.camera-denied'],
  ['NotFoundError', 'phone.camera-missing'],
  ['NotReadableError', 'phone.camera-missing'],
])('%s is told as %s', async (name, code) => {
  expect(await deviceCameraSource('environment', cameraInMemory(name)).open()).toEqual({
    ok: false,
    error: code,
  })
})

test('a page without a secure context has no camera', async () => {
  expect(await deviceCameraSource('environment', undefined).open()).toEqual({
    ok: false,
    error: 'phone.camera-missing',
  })
})
