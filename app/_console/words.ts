/** The words of the consoles, in every language: one file for each place, so that they can be told apart. */

import germanCommon from '@/lib/format/messages/de/common.json'
import germanConsole from '@/lib/format/messages/de/console.json'
import germanCards from '@/lib/format/messages/de/console-cards.json'
import germanOverview from '@/lib/format/messages/de/console-overview.json'
import germanCredit from '@/lib/format/messages/de/console-credit.json'
import germanDrivers from '@/lib/format/messages/de/console-drivers.json'
import germanPeople from '@/lib/format/messages/de/console-people.json'
import germanPrinted from '@/lib/format/messages/de/console-printed.json'
import germanSessions from '@/lib/format/messages/de/console-sessions.json'
import germanTokens from '@/lib/format/messages/de/console-tokens.json'
import germanReasons from '@/lib/format/messages/de/reasons.json'
import englishCommon from '@/lib/format/messages/en/common.json'
import englishConsole from '@/lib/format/messages/en/console.json'
import englishCards from '@/lib/format/messages/en/console-cards.json'
import englishOverview from '@/lib/format/messages/en/console-overview.json'
import englishCredit from '@/lib/format/messages/en/console-credit.json'
import englishDrivers from '@/lib/format/messages/en/console-drivers.json'
import englishPeople from '@/lib/format/messages/en/console-people.json'
import englishPrinted from '@/lib/format/messages/en/console-printed.json'
import englishSessions from '@/lib/format/messages/en/console-sessions.json'
import englishTokens from '@/lib/format/messages/en/console-tokens.json'
import englishReasons from '@/lib/format/messages/en/reasons.json'
import type { Locale } from '@/lib/format/locale'

export const words = {
  en: {
    common: englishCommon,
    console: englishConsole,
    consoleOverview: englishOverview,
    consoleTokens: englishTokens,
    consoleSessions: englishSessions,
    consoleCredit: englishCredit,
    consoleDrivers: englishDrivers,
    consolePeople: englishPeople,
    consoleCards: englishCards,
    consolePrinted: englishPrinted,
    reasons: englishReasons,
  },
  de: {
    common: germanCommon,
    console: germanConsole,
    consoleOverview: germanOverview,
    consoleTokens: germanTokens,
    consoleSessions: germanSessions,
    consoleCredit: germanCredit,
    consoleDrivers: germanDrivers,
    consolePeople: germanPeople,
    consoleCards: germanCards,
    consolePrinted: germanPrinted,
    reasons: germanReasons,
  },
} as const satisfies Record<Locale, unknown>
