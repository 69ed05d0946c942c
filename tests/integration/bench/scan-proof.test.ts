import { expect, test } from 'vitest'
import { sceneKinds } from '@/tests/bench/camera-scene'
import { codesToScan, patienceMs, scanCodes } from '@/tests/bench/scan-proof'

test('every code of the ceremony is read within two seconds: tilted, blurred, noisy, with a reflection, in little light', async () => {
  const codes = await codesToScan()
  expect(codes.map(({ name }) => name).sort()).toEqual([
    ...['answer', 'authorization', 'authorization-passkey', 'offer', 'piece', 'receipt', 'status', 'stop'],
  ])
  // Each code once in each kind of scene; the bench has a hundred and more of each code.
  const scans = await scanCodes(codes, sceneKinds.length)
  const late = scans.filter(({ ms }) => ms === undefined || ms > patienceMs)
  expect(scans).toHaveLength(codes.length * sceneKinds.length)
  expect(late.length / scans.length, JSON.stringify(late)).toBeLessThanOrEqual(0.05)
})
