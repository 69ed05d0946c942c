import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readKioskConfig } from '@/charger-kiosk/config'
import { kioskFileJsonSchema } from '@/charger-kiosk/configuration/schema'
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
      chargers: [{ identity: 'KINROSS-1', password: undefined }],
      meterIntervalS: 10,
      isDemo: false,
      demoPageOrigins: [],
      enrolmentCode: undefined,
      root: undefined,
      keys: { kind: 'file', generation: 1, passphrase: undefined },
      stepUp: { relyingPartyId: 'localhost', origins: ['http://localhost:3000'] },
    })
    expect(config.bays.bays).toEqual([1])
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

const file = (value: unknown, environment = {}) =>
  readKioskConfig(environment, { path: '/etc/outpost/outpost-kiosk.json', value })
const complaintsOf = (value: unknown, environment = {}): readonly string[] => {
  const read = file(value, environment)
  return read.ok ? [] : read.error
}

describe('the configuration file', () => {
  const two = {
    charger: { id: 'KINROSS-1' },
    dataFolder: 'data',
    ocpp: {
      host: '10.0.0.1',
      chargers: [
        { identity: 'A', password: 'secret-of-a', bays: [{ bay: 1 }, { bay: 2 }] },
        { identity: 'B', bays: [{ bay: 3, evseId: 1, connectorId: 2 }] },
      ],
    },
  }

  test('names bays on several chargers, and its paths are beside it', () => {
    const config = expectOk(file(two), 'right')
    expect(config.bays.bays).toEqual([1, 2, 3])
    expect(config.bays.addressOf(2)).toEqual({ bay: 2, identity: 'A', evseId: 2, connectorId: 1 })
    expect(config.bays.addressOf(3)).toEqual({ bay: 3, identity: 'B', evseId: 1, connectorId: 2 })
    expect(config.dataFolder).toBe('/etc/outpost/data')
  })

  test('stands below the environment, value by value', () => {
    const config = expectOk(file(two, { OUTPOST_OCPP_PORT: '9300', OUTPOST_KIOSK_DATA: 'here' }), 'right')
    expect([config.ocppHost, config.ocppPort, config.dataFolder]).toEqual(['10.0.0.1', 9_300, 'here'])
  })

  test('names where sticks are mounted, beside it or as in PATH, and by itself nowhere', () => {
    const places = (value: unknown, environment = {}) =>
      expectOk(file(value, environment), 'right').stickPlaces
    const named = { technician: { sticks: ['/run/outpost-sticks', 'media'] } }
    expect(places({})).toEqual([])
    expect(places(named)).toEqual(['/run/outpost-sticks', '/etc/outpost/media'])
    expect(places(named, { OUTPOST_STICKS: '/a b:/c' })).toEqual(['/a b', '/c'])
  })

  test('is complained about all at once: where, what is expected, what was found', () => {
    expect(
      complaintsOf({
        screen: { port: 'x' },
        ocpp: { prt: 1, chargers: [{ identity: 'a b', bays: [] }] },
        keys: { kind: 'pkcs11', module: '/lib/x.so' },
      }),
    ).toEqual([
      'screen.port must be a number from 0 to 65535, not “x”.',
      'ocpp.chargers[0].identity must be letters, digits and . _ ~ -, not “a b”.',
      'ocpp.chargers[0].bays must be at least one bay, not a list of 0.',
      'ocpp.prt is not a setting; remove it or mend its name.',
      'keys.token must be a text of 1 to 32 characters, not left out.',
    ])
    expect(complaintsOf([])).toEqual(['the file must be a section in braces, not a list of 0.'])
  })

  test('gives no bay, no socket and no identity twice, and never guesses which charger a variable means', () => {
    const chargers = (...bays: readonly object[]) => ({ ocpp: { chargers: [{ identity: 'A', bays }] } })
    expect(complaintsOf(chargers({ bay: 1 }, { bay: 1, evseId: 2 }))[0]).toContain('bay 1 stands twice')
    expect(complaintsOf(chargers({ bay: 1 }, { bay: 2, evseId: 1 }))[0]).toContain('same socket')
    const twice = [0, 1].map((index) => ({ identity: 'A', bays: [{ bay: index + 1, evseId: index + 1 }] }))
    expect(complaintsOf({ ocpp: { chargers: twice } })[0]).toContain('identity A stands twice')
    expect(complaintsOf(two, { OUTPOST_OCPP_PASSWORD: 'x' })[0]).toContain('which of 2 chargers')
  })

  test('names the pair for TLS, or takes the one that was made', () => {
    const tls = (value: object) => expectOk(file({ dataFolder: 'data', ocpp: value }), 'right').tls
    expect([tls({}), tls({ tls: {} })?.keyFile]).toEqual([undefined, '/etc/outpost/data/tls/key.pem'])
    expect(tls({ tls: { certificateFile: '/x/site.pem' } })?.certFile).toBe('/x/site.pem')
  })

  test('never repeats a password that is wrong', () => {
    const chargers = [{ identity: 'A', password: 'hush hush', bays: [{ bay: 1 }] }]
    expect(complaintsOf({ ocpp: { chargers } }).join()).not.toContain('hush')
  })

  test('is published as a schema that is in step', () => {
    const published = readFileSync('docs/outpost-kiosk.schema.json', 'utf8')
    const current = kioskFileJsonSchema()
    if (process.env['UPDATE_VECTORS'] === '1') {
      writeFileSync('docs/outpost-kiosk.schema.json', `${JSON.stringify(current, null, 2)}\n`)
    } else expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(current)))
  })
})
