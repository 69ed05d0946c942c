import { expect, test } from 'vitest'
import { checkNodeVersion } from '@/scripts/setup/node-version.mjs'

test.each(['20.9.0', '20.20.2', '22.0.0', '24.1.0'])('Node %s is good enough', (version) => {
  expect(checkNodeVersion(version)).toBeUndefined()
})

test.each(['20.8.1', '18.20.0', '8.0.0', ''])('Node %s is told what to install', (version) => {
  expect(checkNodeVersion(version)).toContain('needs Node 20.9 or newer')
})
