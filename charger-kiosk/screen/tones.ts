/** Three short tones of our own: accepted rises, refused falls, finished has two notes. Quiet at night. */

import type { Light } from './screen-model'

export type Tone = 'accepted' | 'refused' | 'finished'

interface Note {
  readonly hertz: number
  readonly atS: number
  readonly lastsS: number
}

/** Notes of one scale, so that all three belong together; refused is lower, never harsh. */
const melodies = {
  accepted: [
    { hertz: 523.25, atS: 0, lastsS: 0.16 },
    { hertz: 659.25, atS: 0.11, lastsS: 0.16 },
    { hertz: 783.99, atS: 0.22, lastsS: 0.34 },
  ],
  refused: [
    { hertz: 392, atS: 0, lastsS: 0.2 },
    { hertz: 293.66, atS: 0.17, lastsS: 0.4 },
  ],
  finished: [
    { hertz: 783.99, atS: 0, lastsS: 0.24 },
    { hertz: 523.25, atS: 0.24, lastsS: 0.5 },
  ],
} as const satisfies Record<Tone, readonly Note[]>

const loudness = { day: 0.22, night: 0.06 } as const satisfies Record<Light, number>

/** Made on the first tone: a browser that still forbids sound then stays silent instead of failing. */
export function tonePlayer(): (tone: Tone, light: Light) => void {
  let context: AudioContext | undefined
  return (tone, light) => {
    context ??= new AudioContext()
    if (context.state === 'suspended') void context.resume().catch(() => undefined)
    for (const note of melodies[tone]) playNote(context, note, loudness[light])
  }
}

/** A sine with a little of its octave, soft at both ends. */
function playNote(context: AudioContext, note: Note, volume: number): void {
  const start = context.currentTime + 0.02 + note.atS
  const end = start + note.lastsS
  const gain = context.createGain()
  gain.connect(context.destination)
  gain.gain.setValueAtTime(0.0001, start)
  gain.gain.exponentialRampToValueAtTime(volume, start + 0.02)
  gain.gain.exponentialRampToValueAtTime(0.0001, end)
  for (const [factor, share] of [
    [1, 1],
    [2, 0.18],
  ] as const) {
    const voice = context.createOscillator()
    const level = context.createGain()
    voice.frequency.value = note.hertz * factor
    level.gain.value = share
    voice.connect(level).connect(gain)
    voice.start(start)
    voice.stop(end + 0.05)
  }
}
