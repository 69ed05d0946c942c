import { describe, expect, test } from 'vitest'
import { readKioskConfig } from '@/charger-kiosk/config'
import { expectOk } from '@/lib/core/result'

describe('the settings of a kiosk', () => {
  test('have a default for everything but the secrets', () => {
    const config = expectOk(readKioskConfig({}), 'the defaults are right')
    expect(config).toMatchObject({
      chargerId: 'KINROSS-1',
      cloudOrigin: 'http://localhost:3000',
      screenPort: 3_100,
      ocppPort: 9_220,
      ocppHost: '127.0.0.1',
      ocppIdentity: 'KINROSS-1',
      connectorIds: [1],
      meterIntervalS: 10,
      isDemo: false,
      demoPageOrigins: [],
      enrolmentCode: undefined,
      root: undefined,
      passphrase: undefined,
      stepUp: { relyingPartyId: 'localhost', origins: ['http://localhost:3000'] },
    })
  })

  test('follow the cloud’s address, which is also where passkeys were made', () => {
    const config = expectOk(readKioskConfig({ OUTPOST_CLOUD_URL: 'https://charge.example.org/api' }), 'right')
    expect(config.cloudOrigin).toBe('https://charge.example.org')
    expect(config.stepUp).toEqual({
      relyingPartyId: 'charge.example.org',
      origins: ['https://charge.example.org'],
    })
  })

  test('let no page embed the screen outside of a demo, whatever is set', () => {
    const origins = { OUTPOST_DEMO_PAGE_ORIGINS: 'http://localhost:3000' }
    expect(expectOk(readKioskConfig(origins), 'right').demoPageOrigins).toEqual([])
    expect(expectOk(readKioskConfig({ ...origins, OUTPOST_DEMO: '1' }), 'right').demoPageOrigins).toEqual([
      'http://localhost:3000',
    ])
  })

  test.each([
    ['OUTPOST_KIOSK_PORT', '70000'],
    ['OUTPOST_OCPP_PORT', 'nine'],
    ['OUTPOST_CHARGER_ID', 'no spaces'],
    ['OUTPOST_CLOUD_URL', 'ftp://example.org'],
    ['OUTPOST_OCPP_IDENTITY', 'a:b'],
    ['OUTPOST_CONNECTORS', '0'],
    ['OUTPOST_METER_INTERVAL_S', '3600'],
    ['OUTPOST_ROOT_KEY', 'ABC'],
    ['OUTPOST_APP_ORIGINS', 'https://a.example/path'],
  ])('say which variable is wrong: %s', (name, value) => {
    const read = readKioskConfig({ [name]: value })
    if (read.ok) throw new Error('It was taken')
    expect(read.error).toHaveLength(1)
    expect(read.error[0]).toContain(name)
    expect(read.error[0]).toContain(value)
  })

  test('say everything that is wrong at once', () => {
    const read = readKioskConfig({ OUTPOST_KIOSK_PORT: 'x', OUTPOST_OCPP_PORT: 'y' })
    expect(read.ok ? [] : read.error).toHaveLength(2)
  })
})
