import { expect, test } from 'vitest'
import { announcement } from '@/scripts/start/announcement'

const settings = { cloudPort: 4000, kioskPort: 4100, ocppPort: 4220, demoPort: 4199 }

test('the demo is the first address, under a name that passkeys can be bound to', () => {
  const addresses = announcement(settings).flatMap((line) => line.match(/http:\S+/g) ?? [])
  expect(addresses).toEqual([
    'http://localhost:4000/demo',
    'http://localhost:4000/',
    'http://localhost:4100/',
    'http://localhost:4000/fleet',
    'http://localhost:4000/verify',
  ])
})
