import { describe, expect, test } from 'vitest'
import { epochSeconds } from '@/lib/core/units'
import { generateCorridor, parseCorridor } from '@/simulator/traces/corridor'
import { londonEpochSeconds } from '@/simulator/traces/london-time'

const header = 'site,cp_id,connector,start_local,end_local,kwh'
const july = { fromS: epochSeconds(1_531_522_800), untilS: epochSeconds(1_531_695_600) }

describe('British time', () => {
  test.each([
    ['2018-07-14T00:00', '2018-07-13T23:00:00Z'],
    ['2018-01-14T00:00', '2018-01-14T00:00:00Z'],
    ['2018-03-25T00:59', '2018-03-25T00:59:00Z'],
    ['2018-03-25T02:00', '2018-03-25T01:00:00Z'],
    ['2018-10-28T00:30', '2018-10-27T23:30:00Z'],
    ['2018-10-28T02:00', '2018-10-28T02:00:00Z'],
  ])('%s is %s', (local, utc) => {
    expect(londonEpochSeconds(local)).toBe(Date.parse(utc) / 1_000)
  })

  test.each(['', '2018-02-30T10:00', '2018-07-14', '2018-07-14T24:61'])('%s is no time', (text) => {
    expect(londonEpochSeconds(text)).toBeUndefined()
  })
})

describe('the corridor file', () => {
  test('gives integer watt-hours and keeps the window, in order of start', () => {
    const lines = [
      header,
      'DUNKELD,51249,3,2018-07-14T11:38,2018-07-14T11:52,1.596',
      'PITLOCHRY,50297,2,2018-07-14T09:31,2018-07-14T10:21,15.07',
      'KINROSS,50745,2,2018-07-16T10:14,2018-07-16T10:37,14.83',
      '',
    ]
    const parsed = parseCorridor(lines.join('\n'), july)
    expect(parsed.ok && parsed.value).toMatchObject([
      {
        siteId: 'pitlochr',
        siteLabel: 'Pitlochry',
        chargerId: '50297-2',
        durationS: 3_000,
        energyWh: 15_070,
      },
      { siteId: 'dunkeld', chargerId: '51249-3', durationS: 840, energyWh: 1_596 },
    ])
  })

  test.each([
    ['a wrong header', 'site;cp_id'],
    ['a negative duration', `${header}\nDUNKELD,51249,3,2018-07-14T11:38,2018-07-14T11:30,1.5`],
    ['an energy that is no number', `${header}\nDUNKELD,51249,3,2018-07-14T11:38,2018-07-14T11:52,lots`],
  ])('%s is refused with its line', (_name, text) => {
    expect(parseCorridor(text, july)).toMatchObject({ ok: false, error: expect.stringMatching(/^line [12]/) })
  })
})

describe('the seeded corridor', () => {
  const sessions = generateCorridor(7, july)

  test('is the same from the same seed, and another from another', () => {
    expect(generateCorridor(7, july)).toEqual(sessions)
    expect(generateCorridor(8, july)).not.toEqual(sessions)
    expect(sessions.length).toBeGreaterThan(30)
  })

  test('never has two vehicles at one connector', () => {
    const freeFrom = new Map<string, number>()
    for (const session of sessions) {
      expect(session.startS).toBeGreaterThanOrEqual(freeFrom.get(session.chargerId) ?? 0)
      freeFrom.set(session.chargerId, session.startS + session.durationS)
    }
  })
})
