/** The charger's voice: the speech that the browser offers, where the machine has a voice of the language. */

import type { Locale } from '@/lib/format/locale'

export interface Voice {
  /** Voices may arrive late; ask again at each picture. */
  speaks(locale: Locale): boolean
  /** What was being said before is cut short: only the newest counts. */
  say(text: string, locale: Locale): void
  hush(): void
}

/** A little slower than a screen reader's: it is heard once, outdoors. */
const rate = 0.95

/** `onVoices` is called when the machine's voices have become known. */
export function browserVoice(speech: SpeechSynthesis | undefined, onVoices: () => void): Voice {
  if (speech === undefined) return { speaks: () => false, say: () => undefined, hush: () => undefined }
  const voiceOf = (locale: Locale): SpeechSynthesisVoice | undefined => {
    const voices = speech.getVoices().filter(({ lang }) => lang.toLowerCase().startsWith(locale))
    // A voice on the machine itself speaks without a network.
    return voices.find(({ localService }) => localService)
  }
  speech.addEventListener('voiceschanged', onVoices)
  return {
    speaks: (locale) => voiceOf(locale) !== undefined,
    say(text, locale) {
      const voice = voiceOf(locale)
      if (voice === undefined) return
      speech.cancel()
      const utterance = new SpeechSynthesisUtterance(text)
      utterance.voice = voice
      utterance.lang = voice.lang
      utterance.rate = rate
      speech.speak(utterance)
    },
    hush: () => speech.cancel(),
  }
}
