import { describe, expect, test } from 'vitest'
import { keyEvent } from '@/charger-kiosk/screen/keys'
import { promptOf } from '@/charger-kiosk/screen/prompt'
import type { ScreenEvent, ScreenModel } from '@/charger-kiosk/screen/screen-model'
import { fresh, phases, run, says } from './story'

const eased = (choice: { low?: boolean; large?: boolean; spoken?: boolean }): ScreenEvent => ({
  kind: 'eased',
  choice,
})

describe('what somebody made easier', () => {
  test('adds up, and is gone when nobody is there any more', () => {
    const there = run(
      fresh(),
      [0, says(phases.available)],
      [1, eased({ low: true })],
      [2, eased({ large: true })],
    )
    expect(there.model.ease).toEqual({ low: true, large: true, spoken: false })
    const left = run(there.model, [65_002, { kind: 'tick' }]).model
    expect(left.ease).toEqual({ low: false, large: false, spoken: false })
  })

  test('stays for the driver of a running session', () => {
    const { model } = run(
      fresh(),
      [0, says(phases.charging)],
      [1, eased({ spoken: true })],
      [90_000, { kind: 'tick' }],
    )
    expect(model.ease.spoken).toBe(true)
  })
})

describe('what is said aloud', () => {
  const at = (...events: readonly ScreenEvent[]): ScreenModel =>
    run(fresh(), ...events.map((event, index) => [index, event] as const)).model
  const keyOf = (model: ScreenModel) => promptOf(model)?.key

  test('is new with every step of a session, and never the stop code', () => {
    const steps = [phases.available, phases.offering, phases.starting, phases.charging, phases.finished]
    const prompts = steps.map((phase) => promptOf(at(says(phase))))
    expect(new Set(prompts.map((prompt) => prompt?.key)).size).toBe(steps.length)
    expect(JSON.stringify(prompts)).not.toContain(phases.starting.stopCode)
  })

  test('is not said again because a figure moved', () => {
    const later = { ...phases.charging, energyWh: 20_000, costMinor: 980 }
    expect(keyOf(at(says(phases.charging), says(later)))).toBe(keyOf(at(says(phases.charging))))
  })

  test('is said again for a second refusal of the same kind', () => {
    const again = { ...phases.refused, refusal: { ...phases.refused.refusal, atS: 60 } }
    expect(keyOf(at(says(again)))).not.toBe(keyOf(at(says(phases.refused))))
  })

  test('is nothing while the controller is lost', () => {
    expect(promptOf(at(says(phases.charging), { kind: 'link', link: 'lost' }))).toBeUndefined()
  })
})

describe('a keyboard', () => {
  const charging = run(fresh(), [0, says(phases.charging)]).model

  test('types the stop code from its first digit on', () => {
    const first = keyEvent(charging, '4')
    if (first === undefined) throw new Error('The first digit meant nothing')
    const open = run(charging, [1, first]).model
    expect(open.overlay).toEqual({ kind: 'stop-entry', digits: '4', refusal: null })
    expect(keyEvent(open, '8')).toEqual({ kind: 'digit', digit: '8' })
    expect(keyEvent(open, 'Backspace')).toEqual({ kind: 'erase' })
    expect(keyEvent(open, 'Escape')).toEqual({ kind: 'close' })
  })

  test('types nothing where nothing can be stopped', () => {
    const free = run(fresh(), [0, says(phases.available)]).model
    expect(keyEvent(free, '4')).toBeUndefined()
    expect(keyEvent(free, 'Escape')).toBeUndefined()
    expect(keyEvent(free, 'F2')).toEqual({ kind: 'ease' })
  })
})
