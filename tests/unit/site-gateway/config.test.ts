import { expect, test } from 'vitest'
import { readGatewayConfig } from '@/site-gateway/config'

const least = { site: 'kinross', cloud: { url: 'https://charge.example.org/x', root: 'ab'.repeat(32) } }

test('a site, a cloud and a root are enough, and everything else has its default', () => {
  const read = readGatewayConfig(least, '/etc/outpost')
  expect(read.ok && read.value).toMatchObject({
    ...{
      site: 'kinross',
      dataFolder: '/etc/outpost/var/gateway',
      cloud: { origin: 'https://charge.example.org' },
    },
    ...{ chargers: { host: '127.0.0.1', port: 9_700 }, dashboard: { host: '127.0.0.1', port: 9_701 } },
  })
})

test('everything that is wrong is said at once, in plain sentences', () => {
  const wrong = { ...least, cloud: { ...least.cloud, root: 'short' }, dashboard: { port: 99_999 }, uplnk: {} }
  const read = readGatewayConfig(wrong, '/')
  expect(read.ok ? [] : read.error).toEqual([
    'cloud.root must be 64 lower-case hex digits: the operator’s root key.',
    'dashboard.port must be a number from 0 to 65535.',
    'uplnk is not a setting; remove it or mend its name.',
  ])
})

test('one charger’s share is not more than the whole', () => {
  const store = { bytesMax: 5_000_000, chargerBytesMax: 6_000_000 }
  expect(readGatewayConfig({ ...least, store }, '/').ok).toBe(false)
})

test('the number of chargers and the place of the passphrase are said, or neither is guessed', () => {
  const said = { ...least, reserve: { chargers: 3 }, keys: { passphraseFile: 'passphrase' } }
  const read = readGatewayConfig(said, '/etc/outpost')
  expect(read.ok && read.value).toMatchObject({
    ...{ reserve: { chargers: 3 }, keys: { passphraseFile: '/etc/outpost/passphrase' } },
  })
  const silent = readGatewayConfig(least, '/')
  expect(silent.ok && [silent.value.reserve, silent.value.keys]).toEqual([undefined, {}])
  expect(readGatewayConfig({ ...least, reserve: { chargers: 0 } }, '/').ok).toBe(false)
})
