import { expect, test } from 'vitest'
import {
  filteredCards,
  isNumberOf,
  writtenNumber,
  type ReaderCard,
} from '@/components/console/cards/cards-view'

const card = (label: string, tokenEnd: string, state: ReaderCard['state'] = 'live'): ReaderCard => ({
  ...{ cardId: `b7d2${tokenEnd.toLowerCase()}00000000`, label, tokenEnd, type: 'ISO14443', state },
  ...{
    capMinor: 1_500,
    leftMinor: 1_500,
    sites: [],
    issuedAtS: 1,
    notAfterS: 2,
    returnsAtS: null,
    news: null,
  },
})

test('a number may be typed as labels and readers write it', () => {
  expect(writtenNumber(' 04:a2:b3:c4:d5:e6:80 ')).toBe('04A2B3C4D5E680')
  expect(isNumberOf('ISO14443', '04 a2 b3 c4')).toBe(true)
  expect(isNumberOf('ISO14443', '04:A2:B3:C4:D5:E6:80:11:22:33')).toBe(true)
  expect(isNumberOf('eMAID', 'de-8ac-012345678-9')).toBe(true)
  expect(isNumberOf('eMAID', 'DE8AC012345678')).toBe(true)
})

test('what cannot be a number of its kind is told before credit is set aside for it', () => {
  for (const typed of ['', '04A2B3C', '04A2B3C4D', '04A2B3CG', '04A2B3C4D5E6', 'four bytes'])
    expect(isNumberOf('ISO14443', typed)).toBe(false)
  expect(isNumberOf('ISO15693', 'E004010012345678')).toBe(true)
  expect(isNumberOf('ISO15693', '0004010012345678')).toBe(false)
  expect(isNumberOf('eMAID', '04A2B3C4')).toBe(false)
})

test('cards are found by whose they are or by the end of their number, in one state', () => {
  const moira = card('Moira Geddes', 'A41C')
  const van = card('Van 7, glove box', 'E680', 'revoked')
  const found = (search: string, state: ReaderCard['state'] | 'all' = 'all') =>
    filteredCards([moira, van], { search, state })
  expect(found('')).toEqual([moira, van])
  expect(found('moira g')).toEqual([moira])
  expect(found('e6:80')).toEqual([van])
  expect(found('80')).toEqual([van])
  expect(found('e6')).toEqual([])
  expect(found('', 'revoked')).toEqual([van])
  expect(found('moira', 'revoked')).toEqual([])
})
