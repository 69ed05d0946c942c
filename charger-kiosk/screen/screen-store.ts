/** Holds the model, runs the effects, and tells React when something changed. */

import type { FromScreen } from '../screen-protocol'
import { step } from './screen-mind'
import { emptyScreen, type ScreenEvent, type ScreenModel, type ScreenSettings } from './screen-model'
import type { Tone } from './tones'

export interface ScreenStore {
  readonly subscribe: (onChange: () => void) => () => void
  readonly getSnapshot: () => ScreenModel
  dispatch(event: ScreenEvent): void
}

export interface ScreenShell {
  nowMs(): number
  send(message: FromScreen): void
  play(tone: Tone, model: ScreenModel): void
}

export function screenStore(settings: ScreenSettings, shell: ScreenShell): ScreenStore {
  const listeners = new Set<() => void>()
  let model = emptyScreen(settings, shell.nowMs())
  return {
    subscribe(onChange) {
      listeners.add(onChange)
      return () => listeners.delete(onChange)
    },
    getSnapshot: () => model,
    dispatch(event) {
      const next = step(model, event, shell.nowMs())
      const changed = next.model !== model
      model = next.model
      for (const effect of next.effects) {
        if (effect.kind === 'send') shell.send(effect.message)
        else shell.play(effect.tone, model)
      }
      if (changed) listeners.forEach((listener) => listener())
    },
  }
}
