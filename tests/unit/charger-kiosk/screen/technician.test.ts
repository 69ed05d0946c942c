import { describe, expect, test } from 'vitest'
import { attendanceOf } from '@/charger-kiosk/screen/screen-mind'
import type { ScreenEffect, ScreenEvent } from '@/charger-kiosk/screen/screen-model'
import type { ConnectorPhase } from '@/charger-kiosk/screen-protocol'
import type { TechnicianReport, TechnicianState } from '@/charger-kiosk/screen-protocol-technician'
import { fresh, phases, run, says } from './story'

const open = { kind: 'open', place: 'screen', serial: '7ec4000000000001' } as TechnicianReport
const asking: TechnicianState = { kind: 'asking', code: 'OP1:Q', leftS: 300, refusal: null }

/** The state of a phase, with technician mode as given. */
function tells(technician: TechnicianState, phase: ConnectorPhase = phases.available): ScreenEvent {
  const event = says(phase)
  if (event.kind !== 'said' || event.message.type !== 'state') throw new Error('no state')
  return { ...event, message: { ...event.message, state: { ...event.message.state, technician } } }
}

const actsOf = (effects: readonly ScreenEffect[]): string[] =>
  effects.flatMap((effect) =>
    effect.kind === 'send' && effect.message.type === 'technician' ? [effect.message.act.kind] : [],
  )

describe('technician mode on the screen', () => {
  test('the entry in the help sheet asks for a challenge, and going back takes it away', () => {
    const { model, effects } = run(
      fresh(),
      [0, tells({ kind: 'closed' })],
      [1, { kind: 'help' }],
      [2, { kind: 'technician' }],
    )
    expect(model.overlay.kind).toBe('technician')
    expect(actsOf(effects)).toEqual(['ask'])
    expect(attendanceOf(model)).toBe('personal')
    const back = run(model, [3, tells(asking)], [4, { kind: 'close' }])
    expect(back.model.overlay.kind).toBe('none')
    expect(actsOf(back.effects)).toEqual(['leave'])
  })

  test('opens with the pass, outlives other bays’ business and the idle clock, and closes with the mode', () => {
    const entered = run(fresh(), [0, tells(asking)], [1, tells(open)]).model
    expect(entered.overlay.kind).toBe('technician')
    expect(attendanceOf(entered)).toBe('running')
    const later = run(entered, [2, tells(open, phases.offering)], [400_000, { kind: 'tick' }]).model
    expect(later.overlay.kind).toBe('technician')
    expect(run(later, [400_001, tells({ kind: 'closed' })]).model.overlay.kind).toBe('none')
  })

  test('touches keep it open, told at most every half minute', () => {
    const entered = run(fresh(), [0, tells(asking)], [1, tells(open)]).model
    const touches = [10_000, 31_000, 40_000, 62_000].map((at) => [at, { kind: 'touched' }] as const)
    expect(actsOf(run(entered, ...touches).effects)).toEqual(['stay', 'stay'])
  })

  test('another sheet gives way to it again, and when nobody comes back it ends', () => {
    const entered = run(fresh(), [0, tells(asking)], [1, tells(open)]).model
    const helped = run(entered, [2, { kind: 'help' }]).model
    expect(run(helped, [3, { kind: 'close' }]).model.overlay.kind).toBe('technician')
    const { model, effects } = run(helped, [70_000, { kind: 'tick' }])
    expect(model.overlay.kind).toBe('none')
    expect(actsOf(effects)).toEqual(['leave'])
  })
})
