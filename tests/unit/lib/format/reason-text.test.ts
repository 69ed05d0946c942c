import { createTranslator } from 'use-intl'
import { expect, test } from 'vitest'
import { refusal } from '@/lib/core/reason'
import { de } from '@/lib/format/messages/de'
import { en } from '@/lib/format/messages/en'
import { reasonText } from '@/lib/format/reason-text'

const english = createTranslator({ locale: 'en', messages: en, namespace: 'reasons' })
const german = createTranslator({ locale: 'de', messages: de, namespace: 'reasons' })
const byRule = refusal('rule.declined', {
  rule: 'buses',
  'words-en': 'Buses only.',
  'words-de': 'Nur für Busse.',
})

test('an operator’s own words stand in place of ours, in the reader’s language, beside what to do and the code', () => {
  expect(reasonText(byRule, english)).toEqual({
    title: 'Buses only.',
    moneyText: en.reasons.money.nothing,
    action: en.reasons.rule.declined.action,
    code: 'H-167',
  })
  expect(reasonText(byRule, german).title).toBe('Nur für Busse.')
})

test('without them the reason has words of ours', () => {
  expect(reasonText(refusal('rule.declined'), german).title).toBe(de.reasons.rule.declined.title)
})
