import { expect, test } from 'vitest'
import { admit, isReadableUrl, type Handshake } from '@/charger-kiosk/ocpp/door'
import { chargePointIdentity } from '@/charger-kiosk/ocpp/ids'

const chargers = new Map([
  ['CP-1', { identity: chargePointIdentity('CP-1') }],
  ['CP-2', { identity: chargePointIdentity('CP-2'), password: 'geheim' }],
])
const knock: Handshake = {
  endpoint: '/ocpp',
  identity: 'CP-1',
  password: undefined,
  protocols: new Set(['ocpp1.6']),
}

test('A known charger is admitted at either path', () => {
  expect(admit(knock, chargers).kind).toBe('admit')
  expect(admit({ ...knock, endpoint: '/' }, chargers).kind).toBe('admit')
})

test('A charger that needs no password is admitted with one', () => {
  expect(admit({ ...knock, password: Buffer.from('factory default') }, chargers).kind).toBe('admit')
})

test.each([
  ['an unknown identity', { identity: 'CP-3' }, 404],
  ['an identity with odd characters', { identity: '../CP-1' }, 404],
  ['an identity that every object has', { identity: 'constructor' }, 404],
  ['another path', { endpoint: '/admin' }, 404],
  ['no password', { identity: 'CP-2' }, 401],
  ['a wrong password', { identity: 'CP-2', password: Buffer.from('geheim2') }, 401],
  ['another protocol', { protocols: new Set(['ocpp1.5']) }, 400],
])('Somebody with %s is refused', (_name, difference, httpStatus) => {
  expect(admit({ ...knock, ...difference }, chargers)).toMatchObject({ kind: 'refuse', httpStatus })
})

test('An address that cannot be decoded is recognised before it is taken apart', () => {
  expect(isReadableUrl('/ocpp/CP-1')).toBe(true)
  expect(isReadableUrl('/ocpp/%E0%A4%A')).toBe(false)
})
