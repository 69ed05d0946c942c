/** What a person feels and hears when a code was read: three short tones of our own and a touch, quiet at night. */

import { areHapticsOn, areSoundsOn } from './feedback-choice'

export type Feedback = 'accepted' | 'refused' | 'finished' | 'read'

/** Frequencies in Hz, one after the other. */
const tones: Record<Feedback, readonly number[]> = {
  accepted: [523, 784],
  refused: [392, 262],
  finished: [659, 659],
  read: [],
}

const touches: Record<Feedback, readonly number[]> = {
  accepted: [60],
  refused: [40, 60, 40],
  finished: [60, 60, 60],
  read: [30],
}

const toneS = 0.12
const nightFromHour = 22
const nightToHour = 7

let audio: AudioContext | undefined

export function giveFeedback(feedback: Feedback): void {
  try {
    if (areHapticsOn()) navigator.vibrate?.(touchFor(feedback))
    if (areSoundsOn()) play(tones[feedback])
  } catch {
    // No speaker, no motor, or the browser wants a touch first: the words on the screen say the same.
  }
}

/** Whoever wants less motion gets one touch instead of a pattern. */
function touchFor(feedback: Feedback): number[] {
  const [first = 0] = touches[feedback]
  const wantsLess = window.matchMedia('(prefers-reduced-motion: reduce)').matches
  return wantsLess ? [first] : [...touches[feedback]]
}

function play(frequencies: readonly number[]): void {
  const hour = new Date().getHours()
  if (frequencies.length === 0 || hour >= nightFromHour || hour < nightToHour) return
  audio ??= new AudioContext()
  const start = audio.currentTime + 0.01
  for (const [index, frequency] of frequencies.entries()) {
    const from = start + index * toneS
    const oscillator = audio.createOscillator()
    const gain = audio.createGain()
    oscillator.frequency.value = frequency
    gain.gain.setValueAtTime(0, from)
    gain.gain.linearRampToValueAtTime(0.15, from + 0.015)
    gain.gain.linearRampToValueAtTime(0, from + toneS)
    oscillator.connect(gain).connect(audio.destination)
    oscillator.start(from)
    oscillator.stop(from + toneS)
  }
}
