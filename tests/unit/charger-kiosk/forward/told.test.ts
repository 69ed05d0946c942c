import { describe, expect, test } from 'vitest'
import { bootAgainText, digestOf, outgoingText, roadOf, withoutPersons } from '@/charger-kiosk/forward/told'
import { isForbiddenSetting, usualSettings } from '@/charger-kiosk/forward/safe-settings'

describe('what a site CSMS is told', () => {
  test.each(['Authorize', 'DataTransfer', 'Heartbeat', 'SignCertificate', 'NotifyCustomerInformation'])(
    'is never a %s',
    (action) => expect(roadOf(action, {})).toBeUndefined(),
  )

  test('are transactions before readings', () => {
    const road = (eventType: string, triggerReason: string) =>
      roadOf('TransactionEvent', { eventType, triggerReason })
    expect(road('Started', 'MeterValuePeriodic')).toEqual({ kind: 'kept', importance: 0 })
    expect(road('Updated', 'ChargingStateChanged')).toEqual({ kind: 'kept', importance: 1 })
    expect(road('Updated', 'MeterValuePeriodic')).toEqual({ kind: 'kept', importance: 2 })
  })

  const isOwn = (tag: string): boolean => tag === '0123456789abcdef0123'

  test('shows the tag of a session of ours, and of a card that somebody held to the charger nothing', () => {
    const own = '{ "idTag": "0123456789abcdef0123" }'
    expect(withoutPersons(own, { idTag: '0123456789abcdef0123' }, isOwn)).toBe(own)
    expect(withoutPersons('{"idTag":"04A2B3C4","m":1.0}', { idTag: '04A2B3C4' }, isOwn)).toBe(
      '{"idTag":"OUTPOST","m":1.0}',
    )
    const token = {
      idToken: '04A2B3C4',
      type: 'ISO14443',
      additionalInfo: [{ additionalIdToken: 'DE-X', type: 'eMAID' }],
    }
    const text = withoutPersons(JSON.stringify({ idToken: token }), { idToken: token }, isOwn)
    expect(text).toBe('{"idToken":{"idToken":"OUTPOST","type":"Central"}}')
  })

  test('names transactions as the site does; a start that it never took leaves a stop with −1 and readings with none', () => {
    const stop = { action: 'StopTransaction', payload: '{"transactionId":3, "meterStop":9}', wasCutOff: true }
    expect(outgoingText(stop, { namesTransaction: true, id: 7_001 })).toBe(
      '{"transactionId":7001, "meterStop":9}',
    )
    expect(outgoingText(stop, { namesTransaction: true, id: undefined })).toBe(
      '{"transactionId":-1, "meterStop":9}',
    )
    const reading = {
      action: 'MeterValues',
      payload: '{"connectorId":1,"transactionId":3}',
      wasCutOff: false,
    }
    expect(outgoingText(reading, { namesTransaction: true, id: undefined })).toBe('{"connectorId":1}')
    expect(outgoingText(reading, { namesTransaction: false, id: undefined })).toBe(reading.payload)
  })

  test('says offline where the site could not be told, and a repeat is known whether it says so or not', () => {
    const event = { action: 'TransactionEvent', payload: '{"seqNo":3,"offline":false}', wasCutOff: true }
    const nothing = { namesTransaction: false, id: undefined }
    expect(outgoingText(event, nothing)).toBe('{"seqNo":3,"offline":true}')
    expect(outgoingText({ ...event, wasCutOff: false }, nothing)).toBe(event.payload)
    expect(digestOf('TransactionEvent', '{"seqNo":3,"offline":true}')).toBe(
      digestOf('TransactionEvent', '{"seqNo":3}'),
    )
    expect(digestOf('TransactionEvent', '{"seqNo":4}')).not.toBe(digestOf('TransactionEvent', '{"seqNo":3}'))
  })

  test('after a break of the link is not that the charger was switched on', () => {
    expect(bootAgainText('{"reason":"PowerUp","chargingStation":{}}', '2.0.1')).toBe(
      '{"reason":"Unknown","chargingStation":{}}',
    )
    expect(bootAgainText('{"chargePointModel":"M"}', '1.6')).toBe('{"chargePointModel":"M"}')
  })
})

test.each([
  'AuthorizationKey',
  'MeterValueSampleInterval',
  'LocalAuthorizeOffline',
  'StopTransactionOnInvalidId',
  'SecurityCtrlr.BasicAuthPassword',
  'OCPPCommCtrlr.MessageAttempts',
  'OCPPCommCtrlr.NetworkConfigurationPriority',
  'AuthCtrlr.Enabled',
  'TxCtrlr.TxStartPoint',
])('no configuration lets a site CSMS write %s', (name) => {
  expect(isForbiddenSetting(name)).toBe(true)
  expect(usualSettings.some(isForbiddenSetting)).toBe(false)
})
