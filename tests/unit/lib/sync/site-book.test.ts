import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { toBytes } from '@/lib/core/bytes'
import { epochSeconds, minorUnits } from '@/lib/core/units'
import { expectOk } from '@/lib/core/result'
import { verifyWithNode } from '@/lib/crypto/node'
import { parseMessage } from '@/lib/protocol/message'
import { certificateSerial, chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { isContradicted, isCovered, SiteBook } from '@/lib/sync/site-book'
import { verifySpendProof, type ProvenSpend, type SpendProof } from '@/lib/sync/spend-proof'
import { storyTimeS } from '@/tests/fixtures/messages'
import { SiteWallet, siteTrust, type TestSpend } from '@/tests/fixtures/site-spends'

const proven = (proof: SpendProof): ProvenSpend =>
  expectOk(verifySpendProof(proof, siteTrust, verifyWithNode), 'a proof')

let anna: SiteWallet
let first: TestSpend
let second: TestSpend
/** Honest ones of two wallets, releases, and whatever a copy of the first may have signed besides. */
let pool: readonly ProvenSpend[]

beforeAll(async () => {
  anna = await SiteWallet.create('anna')
  const berta = await SiteWallet.create('berta')
  first = await anna.spend()
  second = await anna.next(first, 2_000)
  const third = await anna.next(second, 500)
  const copy = await anna.spend({ seq: 2, previous: first.hash, grossMinor: minorUnits(1_500) })
  const other = await anna.spend({ seq: 2, previous: first.hash, grossMinor: minorUnits(2_500) })
  const odd = await anna.spend({ seq: 3, previous: anna.grant.hash, grossMinor: minorUnits(9_000) })
  const hers = await berta.spend()
  const declined = [await first.declined(), await second.declined(), await hers.declined()]
  pool = [first, second, third, copy, other, odd, hers].map(({ spend }) => spend).concat(declined.map(proven))
})

const bookOf = (spends: readonly ProvenSpend[]): SiteBook => {
  const book = new SiteBook()
  for (const spend of spends) book.enter(spend)
  return book
}

const picks = fc.array(fc.nat(), { maxLength: 14 })
const chosen = (numbers: readonly number[]): readonly ProvenSpend[] =>
  numbers.flatMap((number) => pool[number % pool.length] ?? [])

describe('the book of a site', () => {
  test('is the same in whatever order its spends came, however often, and by whichever way', () => {
    fc.assert(
      fc.property(picks, picks, (left, right) => {
        const one = bookOf([...chosen(left), ...chosen(right)])
        const other = bookOf([...chosen(right), ...chosen(left), ...chosen(right)].reverse())
        expect(other.summary()).toEqual(one.summary())
        expect(new Set(other.all())).toEqual(new Set(one.all()))
        expect(other.spends).toBe(other.all().length)
        expect(other.contradicted().toSorted()).toEqual(one.contradicted().toSorted())
      }),
    )
  })

  test('stays contradicted whatever comes besides', () => {
    fc.assert(
      fc.property(picks, picks, (known, more) => {
        const before = bookOf(chosen(known))
        const after = bookOf([...chosen(known), ...chosen(more)])
        for (const serial of before.contradicted()) expect(after.contradicted()).toContain(serial)
      }),
    )
  })

  test('tells another exactly what it needs to become the same', () => {
    fc.assert(
      fc.property(picks, picks, (left, right) => {
        const one = bookOf(chosen(left))
        const other = bookOf(chosen(right))
        for (const spend of one.missing(other.summary())) other.enter(spend)
        for (const spend of other.missing(one.summary())) one.enter(spend)
        expect(one.summary()).toEqual(other.summary())
        expect(one.missing(other.summary())).toEqual([])
      }),
    )
  })

  test('says what a disk has to forget for what it has to remember', async () => {
    const book = new SiteBook()
    expect(book.enter(first.spend)).toEqual({ kind: 'new', gone: [] })
    expect(book.enter(first.spend)).toEqual({ kind: 'known' })
    const over = proven(await first.declined())
    expect(book.enter(over)).toEqual({ kind: 'new', gone: [first.hash] })
    expect(book.enter(first.spend)).toEqual({ kind: 'known' })
  })

  test('takes no more than it has room for, and has room again when an issuer says that grants have ended', async () => {
    const book = new SiteBook(2)
    book.enter(first.spend)
    book.enter(second.spend)
    const third = await anna.next(second, 500)
    expect(book.enter(third.spend)).toEqual({ kind: 'full' })
    // What is over takes no room of its own.
    expect(book.enter(proven(await second.declined())).kind).toBe('new')
    const endS = anna.grant.payload.notAfterS
    expect(book.forgetEnded(epochSeconds(endS + 30 * 86_400))).toEqual([])
    expect(book.forgetEnded(epochSeconds(endS + 30 * 86_400 + 1))).toHaveLength(2)
    expect([book.spends, book.grants]).toEqual([0, 0])
  })
})

describe('what no honest wallet signs', () => {
  const contradicts = (...spends: readonly TestSpend[]): boolean =>
    isContradicted(bookOf(spends.map(({ spend }) => spend)).page(first.spend.serial))

  test('an honest chain is clear, also with gaps for what was spent elsewhere', async () => {
    const fifth = await anna.spend({
      seq: 5,
      grossMinor: minorUnits(9_000),
      releasedMinor: minorUnits(4_000),
    })
    expect(contradicts(first, second, fifth)).toBe(false)
  })

  test.each<[string, () => Promise<TestSpend>]>([
    ['another spend with its seq', () => anna.next(first, 300)],
    ['one that follows another second', () => anna.next(second, 300, { previous: anna.grant.hash })],
    [
      'a gross that forgets a hold',
      () => anna.spend({ seq: 4, holdMinor: minorUnits(10), grossMinor: minorUnits(3_009) }),
    ],
    [
      'more than the cap',
      () => anna.spend({ seq: 4, holdMinor: minorUnits(10), grossMinor: minorUnits(30_001) }),
    ],
    [
      'more given back than was ever held',
      () => anna.spend({ seq: 4, grossMinor: minorUnits(5_000), releasedMinor: minorUnits(5_001) }),
    ],
  ])('%s', async (_what, make) => {
    expect(contradicts(first, second, await make())).toBe(true)
  })

  test('a first spend that builds on something', async () => {
    expect(contradicts(await anna.spend({ grossMinor: minorUnits(1_001) }))).toBe(true)
    expect(contradicts(await anna.spend({ previous: first.hash }))).toBe(true)
  })
})

describe('a claim that money was given back', () => {
  test('is no reserve until the charger that billed says so as well', async () => {
    const claims = await anna.next(first, 2_000, { releasedMinor: minorUnits(1_000) })
    const book = bookOf([first.spend, claims.spend])
    expect(isContradicted(book.page(claims.spend.serial))).toBe(false)
    expect(isCovered(book.page(claims.spend.serial), claims.spend)).toBe(false)
    book.enter(proven(await first.declined()))
    expect(isCovered(book.page(claims.spend.serial), claims.spend)).toBe(true)
  })
})

describe('a proof of a spend', () => {
  const faultOf = (proof: SpendProof) => {
    const verified = verifySpendProof(proof, siteTrust, verifyWithNode)
    return verified.ok ? 'right' : verified.error
  }
  const flipped = (bytes: Uint8Array) => {
    const changed = toBytes(bytes)
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
    return changed
  }

  test('is worth nothing where somebody has touched it', async () => {
    const { grant, authorization } = first.proof
    const over = await first.declined()
    expect(faultOf(first.proof)).toBe('right')
    expect(faultOf(over)).toBe('right')
    expect(faultOf({ ...first.proof, grant: flipped(grant) })).toBe('grant')
    expect(faultOf({ ...first.proof, authorization: flipped(authorization) })).toBe('wallet')
    expect(faultOf({ ...first.proof, authorization: toBytes([1, 2, 3]) })).toBe('damaged')
    const { release } = over
    if (release === undefined) throw new Error('It is over')
    for (const name of ['certificate', 'offer', 'verdict'] as const)
      expect(faultOf({ ...over, release: { ...release, [name]: flipped(release[name]) } })).toBe('release')
  })

  test('cannot be made of another wallet’s grant, another spend’s end, or a seq that no charger takes', async () => {
    const cem = await SiteWallet.create('cem')
    expect(faultOf({ ...first.proof, grant: cem.grant.bytes })).toBe('wallet')
    expect(faultOf({ ...first.proof, release: (await second.declined()).release })).toBe('release')
    const beyond = SiteWallet.create('dora', { spendsMax: 1 }).then((dora) => dora.spend({ seq: 2 }))
    await expect(beyond).rejects.toThrow()
  })

  test('that it is over counts for nothing by the key of a charger that was taken back', async () => {
    const over = await first.declined()
    const certificate = expectOk(
      parseMessage(chargerCertificate, over.release?.certificate ?? toBytes([])),
      'one',
    )
    const serial = certificateSerial(certificate.hash)
    const judged = (isRevoked: (one: string) => boolean) =>
      verifySpendProof(over, siteTrust, verifyWithNode, isRevoked).ok
    expect([judged(() => false), judged((one) => one === serial)]).toEqual([true, false])
  })

  test('of another operator is nobody’s', () => {
    const others = {
      ...siteTrust,
      issuers: siteTrust.issuers.map((one) => ({ ...one, key: anna.grant.payload.deviceKey })),
    }
    expect(verifySpendProof(first.proof, others, verifyWithNode)).toEqual({ ok: false, error: 'grant' })
    expect(storyTimeS).toBeLessThan(anna.grant.payload.notAfterS)
  })
})
