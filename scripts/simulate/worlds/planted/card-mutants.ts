/** Bugs about cards, printed or on a site’s list: they sign nothing, so whoever takes them answers for them. */

import type { Mutant } from '../mutation'

export const cardMutants: readonly Mutant[] = [
  {
    id: 'card-forgets',
    means: 'the charger forgets what a card has spent',
    file: 'charger-kiosk/controller/books.ts',
    find: 'const spentMinor = minorUnits((this.bearer(serial)?.spentMinor ?? 0) + holdMinor)',
    replace: 'const spentMinor = minorUnits(0 * holdMinor)',
  },
  {
    id: 'card-beyond-site',
    means: 'a card is good everywhere',
    file: 'charger-kiosk/session/bearer.ts',
    find: "if (!voucher.sites.includes(facts.siteId)) return 'voucher.site'",
    replace: '',
  },
  {
    id: 'card-without-book',
    means: 'a card is taken where other chargers may have taken it as well',
    file: 'charger-kiosk/session/bearer.ts',
    find: "return standing === 'absent' ? 'hold.site-reserve' : undefined",
    replace: 'return undefined',
  },
  {
    id: 'home-made-card',
    means: 'anybody may print cards',
    file: 'charger-kiosk/session/bearer.ts',
    find: 'const issued = verifyByIssuer(voucher, trust, voucher.payload.notBeforeS, verify)',
    replace: 'const issued = verifyByIssuer(voucher, trust, voucher.payload.notBeforeS, () => true)',
  },
  {
    id: 'lost-card',
    means: 'the charger takes cards that it knows to be blocked',
    file: 'charger-kiosk/session/bearer.ts',
    find: "if (facts.isRevoked(voucher.serial)) return 'voucher.revoked'",
    replace: '',
  },
  {
    id: 'copied-card-unseen',
    means: 'a card that was spent twice opens no case',
    file: 'lib/cloud/ingest/bearer-books.ts',
    find: 'if (overspent.has(serial)) cases.push(',
    replace: 'if (overspent.size > 1_000) cases.push(',
  },
  {
    id: 'copied-card-costs-owner',
    means: 'what copies of a card spend beyond it is taken from whoever bought it',
    file: 'lib/cloud/ingest/bearer-books.ts',
    find: "if (cardOf(judgement)?.bearer !== 'printed' || reserve === undefined) continue",
    replace: 'if (judgements.length > 0 || reserve === undefined) continue',
  },
  {
    id: 'unseen-start-twice',
    means: 'a start that nobody saw is another session each time it is told',
    file: 'charger-kiosk/controller/card-starts.ts',
    find: 'const key = startKey(request)',
    replace:
      'const key = startKey({ ...request, idTag: `${request.idTag}${shell.books.counters.transactionId}` })',
  },
  {
    id: 'unseen-start-free',
    means: 'what a card charged while nobody was there is nobody’s',
    file: 'charger-kiosk/controller/card-starts.ts',
    find: 'const { status, isRecorded } = await this.#record(begin)',
    replace:
      "const { status, isRecorded } = isLate ? { status: 'Invalid', isRecorded: false } : await this.#record(begin)",
  },
  {
    id: 'listed-card-unspent',
    means: 'the reader’s desk asks nobody what a card has spent',
    file: 'charger-kiosk/controller/card-desk.ts',
    find: 'const spentMinor = books.bearer(serialOf(card))?.spentMinor ?? 0',
    replace: 'const spentMinor = 0 * time.now().timeS',
  },
  {
    id: 'ended-list',
    means: 'a list of cards counts after its last day',
    file: 'charger-kiosk/controller/card-desk.ts',
    find: "return timeS > (cards.list?.notAfterS ?? 0) ? 'card.list-expired' : card",
    replace: "return timeS < 0 ? 'card.list-expired' : card",
  },
]
