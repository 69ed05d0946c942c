/** A stolen charger key that sells to cards: ones that nobody issued, ones of another site, or copies of good ones. */

import { toBytes, toHex } from '@/lib/core/bytes'
import { messageHash, nonce, sessionId as toSessionId } from '@/lib/core/ids'
import { minorUnits } from '@/lib/core/units'
import { encodeJournalEvent, type JournalEvent } from '@/lib/protocol/journal-event'
import { parseMessage, signMessage } from '@/lib/protocol/message'
import { bearerRecord } from '@/lib/protocol/messages/bearer-record'
import { offer as offerMessage } from '@/lib/protocol/messages/offer'
import { receipt as receiptMessage } from '@/lib/protocol/messages/receipt'
import { voucher } from '@/lib/protocol/messages/voucher'
import type { TrueBearer } from './card-truth'
import { occupy } from './crooks'
import type { Act } from './everyday'
import { forgedCard, someCard } from './printed-cards'
import { worldCurrency } from './place'
import { receiptOf, tellAs } from './rogues'
import { naiveBill } from './safety'
import { short } from './trace'
import { leave } from './visit'
import type { World } from './world'
import type { WorldCharger } from './world-charger'

export const inventsCardSession: Act = async (world) => {
  const { dice, timeline, truth } = world
  const place = await occupy(world)
  if (place === undefined) return undefined
  const { charger } = place
  await leave(world, charger)
  const sold = dice.chance(0.6) ? someCard(world) : undefined
  const cardBytes = sold?.bytes ?? (await forgedCard(world, charger.site)).bytes
  const card = parseMessage(voucher, cardBytes)
  const offered = parseMessage(offerMessage, place.offerBytes)
  if (!card.ok || !offered.ok) throw new Error('Cards and offers of ours parse')
  const timeS = timeline.nowS
  const holdMinor = minorUnits(dice.pick([200, 500, 1_500]))
  const { signer } = charger
  const record = await signMessage(
    bearerRecord,
    {
      voucherHash: messageHash(card.value.hash),
      nonce: nonce(toHex(dice.bytes(8))),
      connectorId: 1,
      holdMinor,
      spentMinor: minorUnits(0),
      timeS,
    },
    signer,
  )
  const sessionId = toSessionId(record.hash)
  const { tariff } = offered.value.payload
  const billed = receiptOf(sessionId, holdMinor, dice.between(10, 100), tariff, timeS)
  const receipt = await signMessage(receiptMessage, billed, signer)
  const { bytes: offerBytes, hash: offerHash } = offered.value
  const accepted = { kind: 'bearer-accepted', timeS, connectorId: 1, offer: offerBytes } as const
  const events: JournalEvent[] = [
    { ...accepted, record: record.bytes, voucher: toBytes(cardBytes) },
    { kind: 'ended', timeS, sessionId, receipt: receipt.bytes },
  ]
  const epoch = world.rogueEpoch()
  if (sold !== undefined) {
    const doubt = tariff.currency === worldCurrency ? doubtOf(world, sold.payload, charger) : 'currency'
    truth.cards.begun(record.bytes, cardBytes, offerHash, doubt)
    const owedMinor = Math.min(holdMinor, sold.payload.capMinor, naiveBill(tariff, billed))
    const final = { sessionId, chargerId: charger.id, hash: receipt.hash, kind: 'receipt' } as const
    const totalMinor = doubt === undefined ? owedMinor : 0
    truth.rogueFinal({ ...final, verdict: undefined, totalMinor, receipt: billed, epoch, seq: 1 })
  }
  const isTaken = await tellAs(world, charger, epoch, events.map(encodeJournalEvent))
  if (sold === undefined && isTaken) truth.cards.inventors.add(charger.id)
  const whose = sold === undefined ? 'a card that nobody issued' : `card ${short(sold.serial)}`
  return `a stolen key of ${charger.id} sells to ${whose}${isTaken ? '' : ' and is not heard'}`
}

function doubtOf(
  { timeline }: World,
  { sites, notAfterS }: { readonly sites: readonly string[]; readonly notAfterS: number },
  { site }: WorldCharger,
): TrueBearer['doubt'] {
  if (timeline.nowS > notAfterS) return 'card-expired'
  return sites.includes(site) ? undefined : 'card-site'
}
