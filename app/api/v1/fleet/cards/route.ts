/** Cards of the member's fleet. */

import { cardsOf } from '@/lib/cloud/fleet/card-list'
import { issueCard } from '@/lib/cloud/fleet/cards'
import { giveOutCard, listCards } from '@/lib/cloud/operations/cards'
import { ok } from '@/lib/core/result'
import { memberRoute } from '../../../handle-operation'

export const GET = memberRoute(listCards, async (cloud, { organisationId }) => {
  const cards = await cardsOf(cloud, organisationId)
  return cards.ok ? ok({ cards: cards.value }) : cards
})

export const POST = memberRoute(
  giveOutCard,
  (cloud, { accountId: author, organisationId: fleetId }, { body }) =>
    issueCard(cloud, { ...body, fleetId, author }),
)
