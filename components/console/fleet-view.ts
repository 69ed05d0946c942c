/** What several pages of the fleet console name alike. */

export type TokenState = 'unclaimed' | 'live' | 'expired' | 'revoked'

/** `card-number`: typed here, with the test provider; `redirect`: on the provider's page; null: not known yet. */
export type PaymentMethod = 'card-number' | 'redirect'
