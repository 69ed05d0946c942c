import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readKioskConfig } from '@/charger-kiosk/config'
import { expectOk } from '@/lib/core/result'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-forward-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const read = (ocpp: object) =>
  readKioskConfig({}, { path: join(folder, 'outpost-kiosk.json'), value: { ocpp } })
const complaintsOf = (ocpp: object): string => {
  const config = read(ocpp)
  return config.ok ? '' : config.error.join('\n')
}
const chargers = [
  { identity: 'CP-1', bays: [{ bay: 1 }] },
  {
    identity: 'CP-2',
    bays: [{ bay: 2 }],
    forward: { url: 'ws://10.0.0.5/ocpp/', version: '2.0.1', identity: 'SITE-2', allow: [] },
  },
]

describe('the section about the site’s own CSMS', () => {
  test('holds for every charger, and a charger’s own stands above it', () => {
    writeFileSync(join(folder, 'secret'), 'hunter22\n', { mode: 0o600 })
    const forward = { url: 'wss://csms.example/x', version: '1.6', passwordFile: 'secret' }
    const { forwards } = expectOk(read({ forward, chargers }), 'a configuration')
    expect(forwards).toMatchObject([
      {
        charger: 'CP-1',
        identity: 'CP-1',
        url: 'wss://csms.example/x',
        version: '1.6',
        password: 'hunter22',
        backfillPerSecond: 20,
      },
      {
        charger: 'CP-2',
        identity: 'SITE-2',
        url: 'ws://10.0.0.5/ocpp',
        version: '2.0.1',
        password: undefined,
        rights: [],
      },
    ])
    expect(forwards[0]?.rights).not.toContain('firmware')
  })

  test('left out, nothing is forwarded', () => {
    expect(expectOk(read({}), 'a configuration').forwards).toEqual([])
  })

  test.each([
    ['another version', { version: '2.1' }, '"1.6" or "2.0.1"'],
    ['a web page', { url: 'https://csms.example' }, 'a ws or wss address'],
    ['a right that there is not', { allow: ['start'] }, 'ocpp.forward.allow'],
    [
      'a setting of ours',
      { settings: ['MeterValueSampleInterval'] },
      'MeterValueSampleInterval is set by this controller',
    ],
    ['a certificate that is not there', { caFile: 'nowhere.pem' }, 'nowhere.pem cannot be read'],
    ['half a pair', { certificateFile: 'nowhere.pem' }, 'belong together'],
    ['an identity of all chargers', { identity: 'X' }, 'ocpp.forward.identity is not a setting'],
  ])('refuses %s with a sentence', (_what, changes, sentence) => {
    expect(complaintsOf({ forward: { url: 'ws://a', version: '1.6', ...changes } })).toContain(sentence)
  })
})
