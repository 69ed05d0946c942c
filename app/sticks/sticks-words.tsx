'use client'

/** The page's words. */

import common from '@/lib/format/messages/en/common.json'
import reasons from '@/lib/format/messages/en/reasons.json'
import sticks from '@/lib/format/messages/en/sticks.json'
import { pageWords } from '../page-words'

export const SticksWords = pageWords({ common, reasons, sticks }, async () => {
  const words = await import('./german-words')
  return { common: words.common, reasons: words.reasons, sticks: words.sticks }
})
