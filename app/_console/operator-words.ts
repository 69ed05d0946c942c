/** The words of the operator's console: those of all consoles, and where it says the same thing otherwise, its own. */

import germanOperator from '@/lib/format/messages/de/console-operator.json'
import englishOperator from '@/lib/format/messages/en/console-operator.json'
import type { Locale } from '@/lib/format/locale'
import { words } from './words'

type Words = (typeof words)[Locale]

/** Same keys, other sentences: pages of people and the door are drawn once, for both consoles. */
const ofOperator = <T extends Words>(base: T, { instead, ...operator }: typeof englishOperator) => ({
  ...base,
  consoleOperator: operator,
  console: { ...base.console, title: instead.title, door: { ...base.console.door, ...instead.door } },
  consolePeople: {
    ...base.consolePeople,
    roleMeans: instead.roleMeans,
    acts: { ...base.consolePeople.acts, ...instead.acts },
  },
})

export const operatorWords = {
  en: ofOperator(words.en, englishOperator),
  de: ofOperator(words.de, germanOperator),
} as const satisfies Record<Locale, unknown>
