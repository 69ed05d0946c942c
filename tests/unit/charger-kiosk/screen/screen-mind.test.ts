import { describe, expect, test } from 'vitest'
import { attendanceOf, connectorOf } from '@/charger-kiosk/screen/screen-mind'
import type { ScreenEvent } from '@/charger-kiosk/screen/screen-model'
import { fresh, phases, run, says } from './story'

const refused = (code: 'stop.code-wrong' | 'code.not-outpost' | 'wallet.cap'): ScreenEvent => ({
  kind: 'said',
  message: { type: 'feedback', outcome: 'refused', refusal: { code } },
})
const digits = (text: string): (readonly [number, ScreenEvent])[] =>
  text.split('').map((digit) => [0, { kind: 'digit', digit }] as const)

describe('what the controller says', () => {
  test('before its first state there is nothing to have lost', () => {
    expect(run(fresh(), [0, { kind: 'link', link: 'lost' }]).model.link).toBe('connecting')
  })

  test('a link that goes away after that is lost, and the next state brings it back', () => {
    const lost = run(fresh(), [0, says(phases.charging)], [9, { kind: 'link', link: 'lost' }]).model
    expect(lost.link).toBe('lost')
    expect(run(lost, [20, says(phases.charging)]).model.link).toBe('live')
  })

  test('each outcome has its tone', () => {
    const { effects } = run(
      fresh(),
      [0, says(phases.offering)],
      [1, { kind: 'said', message: { type: 'feedback', outcome: 'accepted' } }],
      [2, { kind: 'said', message: { type: 'feedback', outcome: 'finished' } }],
      [3, refused('wallet.cap')],
    )
    expect(effects).toEqual([
      { kind: 'tone', tone: 'accepted' },
      { kind: 'tone', tone: 'finished' },
      { kind: 'tone', tone: 'refused' },
    ])
  })

  test('a refusal of the offer is shown by the offer, any other one by itself', () => {
    const offering = run(fresh(), [0, says(phases.offering)], [1, refused('wallet.cap')]).model
    expect(offering.overlay.kind).toBe('none')
    const elsewhere = run(fresh(), [0, says(phases.available)], [1, refused('code.not-outpost')]).model
    expect(elsewhere.overlay).toEqual({ kind: 'refused', refusal: { code: 'code.not-outpost' } })
  })

  test('an answer that is shown again stands over whatever was there', () => {
    const { model } = run(
      fresh(),
      [0, says(phases.available)],
      [1, { kind: 'ask-again' }],
      [2, { kind: 'said', message: { type: 'shown-again', connectorId: 1, what: 'receipt', code: 'OP1:R' } }],
    )
    expect(model.overlay).toEqual({ kind: 'shown-again', what: 'receipt', code: 'OP1:R' })
  })

  test('news that a phone brought are told, and the offer stays behind them', () => {
    const pieces = [{ kind: 'time', outcome: 'new' }] as const
    const { model, effects } = run(
      fresh(),
      [0, says(phases.offering)],
      [1, { kind: 'said', message: { type: 'news', connectorId: 1, pieces } }],
      [2, says(phases.offering)],
    )
    expect(model.overlay).toEqual({ kind: 'news', pieces })
    expect(effects).toEqual([{ kind: 'tone', tone: 'accepted' }])
  })

  test('news make room for what the charger says to the driver’s own code', () => {
    const pieces = [{ kind: 'time', outcome: 'new' }] as const
    const told = [
      [0, says(phases.offering)],
      [1, { kind: 'said', message: { type: 'news', connectorId: 1, pieces } }],
    ] as const
    const refusal = { code: 'hold.first-seen' } as const
    const declined = { kind: 'said', message: { type: 'feedback', outcome: 'refused', refusal } } as const
    expect(run(fresh(), ...told, [2, says(phases.refused)], [3, declined]).model.overlay.kind).toBe('none')
    expect(run(fresh(), ...told, [2, says(phases.starting)]).model.overlay.kind).toBe('none')
  })
})

describe('what the camera reads', () => {
  test('goes to the controller with the bay on the glass', () => {
    const { effects } = run(fresh(), [0, says(phases.offering)], [1, { kind: 'scanned', text: 'OP1:X' }])
    expect(effects).toEqual([{ kind: 'send', message: { type: 'scanned', connectorId: 1, text: 'OP1:X' } }])
  })

  test('is dropped when no code could be that long', () => {
    const text = 'A'.repeat(4_401)
    expect(run(fresh(), [0, says(phases.offering)], [1, { kind: 'scanned', text }]).effects).toEqual([])
  })

  test('in pieces shows how far it is, until it is whole or was taken away', () => {
    const offering = run(fresh(), [0, says(phases.offering)]).model
    const part = { kind: 'said', message: { type: 'parts', connectorId: 1, have: 2, need: 5 } } as const
    const seen = run(offering, [1, part]).model
    expect(seen.parts).toMatchObject({ have: 2, need: 5 })
    expect(run(seen, [15_002, { kind: 'tick' }]).model.parts).toBeNull()
    const accepted = { kind: 'said', message: { type: 'feedback', outcome: 'accepted' } } as const
    expect(run(seen, [2, accepted]).model.parts).toBeNull()
  })

  test('a camera that fails is looked for again after half a minute', () => {
    const failed = run(
      fresh(),
      [0, says(phases.offering)],
      [5, { kind: 'camera-problem', code: 'phone.camera-missing' }],
      [29_000, { kind: 'tick' }],
    ).model
    expect(failed.cameraProblem?.code).toBe('phone.camera-missing')
    expect(run(failed, [30_005, { kind: 'tick' }]).model.cameraProblem).toBeNull()
  })
})

describe('the stop code', () => {
  const entering = run(fresh(), [0, says(phases.charging)], [1, { kind: 'stop' }]).model

  test('six digits and a confirmation are sent, and nothing less', () => {
    expect(run(entering, ...digits('48291'), [2, { kind: 'confirm-stop' }]).effects).toEqual([])
    expect(run(entering, ...digits('4829137'), [2, { kind: 'confirm-stop' }]).effects).toEqual([
      { kind: 'send', message: { type: 'stop', connectorId: 1, stopCode: '482913' } },
    ])
  })

  test('a digit can be taken back', () => {
    const { model } = run(entering, ...digits('12'), [2, { kind: 'erase' }], ...digits('3'))
    expect(model.overlay).toMatchObject({ digits: '13' })
  })

  test('a wrong one is said at the keypad and goes with the next digit', () => {
    const wrong = run(
      entering,
      ...digits('000000'),
      [2, { kind: 'confirm-stop' }],
      [3, refused('stop.code-wrong')],
    )
    expect(wrong.model.overlay).toEqual({
      kind: 'stop-entry',
      digits: '',
      refusal: { code: 'stop.code-wrong' },
    })
    expect(run(wrong.model, ...digits('4')).model.overlay).toMatchObject({ digits: '4', refusal: null })
  })

  test('pressing Stop once more does not lose what was typed', () => {
    expect(run(entering, ...digits('482'), [2, { kind: 'stop' }]).model.overlay).toMatchObject({
      digits: '482',
    })
  })

  test('it can be typed before charging has begun, and stays when it begins', () => {
    const early = run(fresh(), [0, says(phases.starting)], [1, { kind: 'stop' }], ...digits('482'))
    expect(run(early.model, [5, says(phases.charging)]).model.overlay).toMatchObject({ digits: '482' })
  })

  test('the keypad goes when the session stops, however it stopped', () => {
    expect(run(entering, [5, says(phases.stopping)]).model.overlay.kind).toBe('none')
  })

  test.each(['available', 'offering', 'stopping', 'finished'] as const)(
    'Stop opens nothing while the bay is %s',
    (name) => {
      expect(run(fresh(), [0, says(phases[name])], [1, { kind: 'stop' }]).model.overlay.kind).toBe('none')
    },
  )
})

describe('which bay is shown', () => {
  test('the one at which somebody plugs in, without anybody choosing', () => {
    const model = run(
      fresh(),
      [0, says(phases.charging, phases.available)],
      [1, says(phases.charging, phases.offering)],
    ).model
    expect(connectorOf(model)?.connectorId).toBe(2)
  })

  test('a choice by hand stays while nothing begins or ends', () => {
    const model = run(
      fresh(),
      [0, says(phases.charging, phases.available)],
      [1, { kind: 'bay', connectorId: 2 }],
      [2, says(phases.charging, phases.available)],
    ).model
    expect(connectorOf(model)?.connectorId).toBe(2)
  })

  test('after a reload, the one with a session', () => {
    expect(connectorOf(run(fresh(), [0, says(phases.available, phases.charging)]).model)?.connectorId).toBe(2)
  })
})

describe('an unattended screen', () => {
  test('asks before it clears a receipt, then tells the controller and returns to its own language', () => {
    const asked = run(
      fresh(),
      [0, says(phases.finished)],
      [0, { kind: 'locale', locale: 'de' }],
      [45_000, { kind: 'tick' }],
    )
    expect(asked.model.idle).toEqual({ kind: 'ask', secondsLeft: 20 })
    expect(asked.effects).toEqual([])
    const left = run(asked.model, [65_000, { kind: 'tick' }])
    expect(left.effects).toEqual([{ kind: 'send', message: { type: 'dismiss', connectorId: 1 } }])
    expect(left.model.locale).toBe('en')
  })

  test('a touch gives more time', () => {
    const { model } = run(
      fresh(),
      [0, says(phases.finished)],
      [46_000, { kind: 'tick' }],
      [50_000, { kind: 'touched' }],
      [90_000, { kind: 'tick' }],
    )
    expect(model.idle).toEqual({ kind: 'none' })
  })

  test('takes a refusal back', () => {
    const { effects } = run(fresh(), [0, says(phases.refused)], [65_000, { kind: 'tick' }])
    expect(effects).toEqual([{ kind: 'send', message: { type: 'dismiss', connectorId: 1 } }])
  })

  test('keeps an offer on the glass: the car is still plugged in', () => {
    const { model, effects } = run(fresh(), [0, says(phases.offering)], [600_000, { kind: 'tick' }])
    expect(effects).toEqual([])
    expect(model.overlay.kind).toBe('none')
  })

  test.each(['starting', 'charging', 'stopping'] as const)(
    'never times out while %s, and keeps the language of its driver',
    (name) => {
      const { model, effects } = run(
        fresh(),
        [0, says(phases[name])],
        [1, { kind: 'locale', locale: 'de' }],
        [3_600_000, { kind: 'tick' }],
      )
      expect(model.idle.kind).toBe('none')
      expect(model.locale).toBe('de')
      expect(effects).toEqual([])
    },
  )

  test('closes a half-typed stop code, but leaves the session alone', () => {
    const { model, effects } = run(
      fresh(),
      [0, says(phases.charging)],
      [1, { kind: 'stop' }],
      ...digits('48'),
      [65_001, { kind: 'tick' }],
    )
    expect(model.overlay.kind).toBe('none')
    expect(effects).toEqual([])
  })

  test('something that happens at the bay counts as somebody being there', () => {
    const { model } = run(
      fresh(),
      [0, says(phases.stopping)],
      [60_000, says(phases.finished)],
      [100_000, { kind: 'tick' }],
    )
    expect(model.idle.kind).toBe('none')
  })
})

test('Done lets go of the receipt at once', () => {
  expect(run(fresh(), [0, says(phases.finished)], [1, { kind: 'done' }]).effects).toEqual([
    { kind: 'send', message: { type: 'dismiss', connectorId: 1 } },
  ])
})

test('a screen without its controller waits for it and clears nothing', () => {
  const { model } = run(fresh(), [0, says(phases.finished)], [1, { kind: 'link', link: 'lost' }])
  expect(attendanceOf(model)).toBe('running')
})
