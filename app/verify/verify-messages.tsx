'use client'

/** The page's words; the service worker keeps both languages. */

import common from '@/lib/format/messages/en/common.json'
import receipt from '@/lib/format/messages/en/receipt.json'
import verify from '@/lib/format/messages/en/verify.json'
import { pageWords } from '../page-words'

export const VerifyMessages = pageWords({ common, receipt, verify }, async () => {
  const words = await import('./german-words')
  return { common: words.common, receipt: words.receipt, verify: words.verify }
})
