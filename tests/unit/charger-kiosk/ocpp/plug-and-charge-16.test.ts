import { expect, test } from 'vitest'
import { epochSeconds } from '@/lib/core/units'
import { chargePointIdentity } from '@/charger-kiosk/ocpp/ids'
import { answerCall } from '@/charger-kiosk/ocpp/inbound'
import type { AuthorizeAnswer, AuthorizeRequest, ChargerHandlers } from '@/charger-kiosk/ocpp/port'
import { RepeatMemory } from '@/charger-kiosk/ocpp/repeat-memory'
import type { CommandSender } from '@/charger-kiosk/ocpp/command-sender'
import { versions } from '@/charger-kiosk/ocpp/versions'

const identity = chargePointIdentity('CP-1')
const [, spoken] = versions.map((version) => version.speak(identity, {} as CommandSender, () => true))
if (spoken === undefined) throw new Error('Two versions are spoken')
const dialect = spoken

const hash = { hashAlgorithm: 'SHA256', issuerNameHash: 'a1', issuerKeyHash: 'b2', serialNumber: '3c' }

async function present(params: unknown, said: AuthorizeAnswer = { status: 'Accepted' }) {
  const asked: AuthorizeRequest[] = []
  const handlers = {
    onAuthorize: async (request: AuthorizeRequest) => {
      asked.push(request)
      return said
    },
  } as ChargerHandlers
  const context = {
    identity,
    frame: { receivedAtS: epochSeconds(1_767_268_800), clockFloorS: epochSeconds(1_704_067_200) },
    handlers,
    heartbeatIntervalS: 300,
    report: async () => undefined,
    restarted: () => undefined,
  }
  const outcome = await answerCall('DataTransfer', params, context, { dialect, repeats: new RepeatMemory(4) })
  if (outcome.kind !== 'answer') throw new Error(`No answer but ${outcome.kind}`)
  expect(dialect.schemas.violation('DataTransfer', 'conf', outcome.answer)).toBeUndefined()
  return { asked, answer: outcome.answer }
}

const message = (data: unknown) => ({
  vendorId: 'org.openchargealliance.iso15118pnc',
  messageId: 'Authorize',
  data: typeof data === 'string' ? data : JSON.stringify(data),
})

test.each([
  ['plainly', 'DE8AACA2B3C4D5N'],
  ['with its kind', { idToken: 'DE8AACA2B3C4D5N', type: 'eMAID' }],
])(
  'a vehicle’s contract that a 1.6 charger names %s is judged as an eMAID with its hashes',
  async (_, idToken) => {
    const { asked, answer } = await present(message({ idToken, iso15118CertificateHashData: [hash] }), {
      status: 'Accepted',
      certificateStatus: 'Accepted',
    })
    expect(asked).toMatchObject([
      {
        idTag: 'DE8AACA2B3C4D5N',
        token: { text: 'DE8AACA2B3C4D5N', type: 'eMAID' },
        contracts: [hash],
        bringsContract: false,
      },
    ])
    expect(answer).toEqual({
      status: 'Accepted',
      data: '{"idTokenInfo":{"status":"Accepted"},"certificateStatus":"Accepted"}',
    })
  },
)

test('a contract that the charger could not check itself is handed on as such', async () => {
  const { asked, answer } = await present(
    message({ idToken: 'DE8AACA2B3C4D5N', certificate: '-----BEGIN' }),
    {
      status: 'Invalid',
      certificateStatus: 'CertChainError',
    },
  )
  expect(asked).toMatchObject([{ contracts: [], bringsContract: true }])
  expect(answer['data']).toContain('CertChainError')
})

test.each([
  ['another vendor', { vendorId: 'com.example', messageId: 'Authorize' }, 'UnknownVendorId'],
  ['another message', { ...message({}), messageId: 'SignCertificate' }, 'UnknownMessageId'],
  ['no JSON', message('{"idToken":'), 'Rejected'],
  ['a list', message([]), 'Rejected'],
  ['no contract', message({ idToken: { type: 'eMAID' } }), 'Rejected'],
  ['a number that 1.6 cannot start with', message({ idToken: 'DE8AACA2B3C4D5N123456' }), 'Rejected'],
  ['too much', message({ idToken: 'DE8AACA2B3C4D5N', certificate: 'x'.repeat(20_000) }), 'Rejected'],
])('%s is answered and asks nobody', async (_, params, status) => {
  const { asked, answer } = await present(params)
  expect(asked).toEqual([])
  expect(answer).toEqual({ status })
})
