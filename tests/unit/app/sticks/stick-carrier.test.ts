import { expect, test } from 'vitest'
import { concat, type Bytes } from '@/lib/core/bytes'
import type { ParcelId } from '@/lib/core/ids'
import { ok } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import { hpkePair, sealWithHpke } from '@/lib/crypto/hpke'
import { sealAnswer } from '@/lib/roads/parcel-answer'
import { bagItem, bagTitle } from '@/lib/sync/bag'
import type { Posted } from '@/lib/sync/carry'
import { encodeParcel, packParcel, parcelSecret } from '@/lib/sync/parcel'
import { StickCarrier } from '@/app/sticks/stick-carrier'

const { publicKey: to } = await hpkePair(new Uint8Array(32).fill(5))
const secret = parcelSecret(new Uint8Array(32).fill(9))
const name = `${secret.mailbox}.parcels`

async function parcelsFile(numbers: readonly number[], as = name): Promise<File> {
  const items: Bytes[] = []
  for (const number of numbers) {
    const nowS = epochSeconds(1_700_000_000)
    const pack = {
      bundle: Uint8Array.of(number),
      secret,
      to,
      nowS,
      lifetimeH: 1,
      priority: 'ordinary' as const,
    }
    items.push(bagItem(encodeParcel(await packParcel(pack, sealWithHpke))))
  }
  return new File([concat(bagTitle('parcels'), ...items)], as)
}

const answerTo = (id: ParcelId): Promise<Bytes> =>
  sealAnswer(
    { id, mailbox: secret.mailbox },
    ok({ acknowledgement: Uint8Array.of(1) }),
    secret.answerKeyOf(id),
    new Uint8Array(12),
  )

function carrier() {
  const posted: ParcelId[] = []
  const network = { isThere: true }
  const opened = new StickCarrier(() => ({
    post: async (_bytes, { id }): Promise<Posted> => {
      if (!network.isThere) return { kind: 'later', detail: 'nobody there' }
      posted.push(id)
      return { kind: 'answer', bytes: await answerTo(id) }
    },
    wait: () => Promise.resolve(),
  }))
  return { opened, posted, network }
}

test('chosen files are handed in, and the answers are saved under the name that belongs beside them', async () => {
  const { opened, posted } = carrier()
  await opened.choose([await parcelsFile([1, 2, 3]), new File(['photo'], 'holiday.jpg')])
  expect(opened.read().files).toMatchObject([{ name, state: 'done', parcels: 3, answers: 3, isSaved: false }])
  const saved = opened.answersOf(name)
  expect(saved?.name).toBe(`${secret.mailbox}.answers`)
  const answers = await Promise.all(posted.map(answerTo))
  expect(saved?.bytes).toEqual(concat(bagTitle('answers'), ...answers.map(bagItem)))
  expect(opened.read().files[0]?.isSaved).toBe(true)
})

test('files that are no stick’s are told, and nothing is sent', async () => {
  const { opened, posted } = carrier()
  await opened.choose([new File(['photo'], 'holiday.jpg')])
  expect(opened.read()).toEqual({ files: [], foundNone: true })
  await opened.choose([new File(['no bag'], name)])
  expect(opened.read()).toMatchObject({ files: [{ isCut: true, parcels: 0 }], foundNone: false })
  expect(posted).toEqual([])
})

test('after the network came back it goes on where it stopped', async () => {
  const { opened, posted, network } = carrier()
  network.isThere = false
  await opened.choose([await parcelsFile([1, 2])])
  expect(opened.read().files).toMatchObject([{ state: 'done', isStopped: true, answers: 0 }])
  network.isThere = true
  await opened.again()
  expect(opened.read().files).toMatchObject([{ isStopped: false, answers: 2 }])
  expect(posted).toHaveLength(2)
})

test('a stick that was filled again is chosen again, and only what is new is handed in', async () => {
  const { opened, posted } = carrier()
  await opened.choose([await parcelsFile([1, 2])])
  opened.answersOf(name)
  await opened.choose([await parcelsFile([1, 2, 3])])
  expect(opened.read().files).toMatchObject([{ parcels: 3, answers: 3, isSaved: false }])
  expect(posted).toHaveLength(3)
})
