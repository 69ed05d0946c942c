import { expect, test } from 'vitest'
import { admit, isReadableUrl, type Handshake } from '@/charger-kiosk/ocpp/door'
import { chargePointIdentity } from '@/charger-kiosk/ocpp/ids'

const chargers = new Map([
  ['CP-1', { identity: chargePointIdentity('CP-1') }],
  ['CP-2', { identity: chargePointIdentity('CP-2'), password: 'geheim' }],
])
const house = { chargers, isPasswordNeeded: false }
const knock: Handshake = {
  endpoint: '/ocpp',
  identity: 'CP-1',
  password: undefined,
  protocols: new Set(['ocpp1.6']),
}

test('A known charger is admitted at either path', async () => {
  expect((await admit(knock, house)).kind).toBe('admit')
  expect((await admit({ ...knock, endpoint: '/' }, house)).kind).toBe('admit')
})

test('A charger that needs no password is admitted with one', async () => {
  const login = { ...knock, password: Buffer.from('factory default') }
  expect((await admit(login, house)).kind).toBe('admit')
})

test.each([
  ['an unknown identity', { identity: 'CP-3' }, 404],
  ['an identity with odd characters', { identity: '../CP-1' }, 404],
  ['an identity that every object has', { identity: 'constructor' }, 404],
  ['another path', { endpoint: '/admin' }, 404],
  ['no password', { identity: 'CP-2' }, 401],
  ['a wrong password', { identity: 'CP-2', password: Buffer.from('geheim2') }, 401],
  ['another protocol', { protocols: new Set(['ocpp1.5']) }, 400],
])('Somebody with %s is refused', async (_name, difference, httpStatus) => {
  expect(await admit({ ...knock, ...difference }, house)).toMatchObject({ kind: 'refuse', httpStatus })
})

test('Where every charger needs a password, one without any is not let in', async () => {
  expect(await admit(knock, { chargers, isPasswordNeeded: true })).toMatchObject({ httpStatus: 401 })
})

test('An address that cannot be decoded is recognised before it is taken apart', () => {
  expect(isReadableUrl('/ocpp/CP-1')).toBe(true)
  expect(isReadableUrl('/ocpp/%E0%A4%A')).toBe(false)
})
