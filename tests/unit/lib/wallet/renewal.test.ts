import { describe, expect, test } from 'vitest'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, expectOk, ok } from '@/lib/core/result'
import { grantSerial } from '@/lib/core/ids'
import { epochSeconds, minorUnits } from '@/lib/core/units'
import { verifyWithNode } from '@/lib/crypto/node'
import { parseMessage, verifyMessage } from '@/lib/protocol/message'
import { close } from '@/lib/protocol/messages/close'
import type { Chain } from '@/lib/wallet/chain'
import { PowerCut, type PlannedFault } from '@/lib/wallet/memory-store'
import { takeAlong } from '@/lib/wallet/obtain-grant'
import { readiness } from '@/lib/wallet/readiness'
import { syncOnce } from '@/lib/wallet/sync'
import type { Wallet } from '@/lib/wallet/wallet'
import { spendContext } from '@/lib/wallet/wallet-state'
import { storyGrant, storyTimeS } from '../../../fixtures/messages'
import { twinCloud, type TwinCloud } from '../../../fixtures/twin-cloud'
import {
  answerText,
  approveOffer,
  grantTo,
  makeOffer,
  newPhone,
  receiptFor,
  receiptText,
  trustNews,
} from '../../../fixtures/wallet-world'

async function withAccount(wallet: Wallet): Promise<void> {
  await wallet.apply((state) =>
    ok({
      ...state,
      account: {
        accountId: 'account-1',
        balanceMinor: minorUnits(0),
        reservedMinor: minorUnits(0),
        currency: 'EUR',
        asOfS: storyTimeS,
        signedIn: true,
      },
    }),
  )
}

/** A phone whose grant was spent from once, with an open hold of 10.00. */
async function oneHold(changes = {}) {
  const phone = newPhone()
  const wallet = await phone.open()
  await withAccount(wallet)
  await grantTo(wallet, changes)
  const id = expectOk(await approveOffer(wallet, 1_000), 'approved')
  const cloud = twinCloud()
  cloud.balanceMinor = 5_000
  return { phone, wallet, cloud, id }
}

const first = (wallet: Wallet): Chain => {
  const [chain] = wallet.snapshot().chains
  if (chain === undefined) throw new Error('no chain')
  return chain
}

const renewals = (cloud: TwinCloud): number => cloud.calls.filter((call) => call === 'renew').length

test('a grant is exchanged with its signed end, and its open hold stays where it is', async () => {
  const { wallet, cloud, id } = await oneHold()
  expectOk(await takeAlong(wallet, cloud), 'exchanged')
  const [old, next] = wallet.snapshot().chains
  expect(old?.closing).toMatchObject({ outcome: 'renewed', payload: { lastSeq: 1, head: id } })
  const signed = expectOk(parseMessage(close, old?.closing?.signed ?? new Uint8Array()), 'a close')
  expect(verifyMessage(signed, old!.grant.payload.deviceKey, verifyWithNode)).toBeDefined()
  expect(next?.entries).toEqual([])
  expect(next?.grant.payload.deviceKey).not.toBe(old?.grant.payload.deviceKey)
  await wallet.scan(receiptText(await receiptFor(id, 1_000, 18_400)))
  expect(wallet.snapshot().chains[0]?.entries[0]?.state.kind).toBe('finished')
})

test('a grant that another one followed is not what a refusal speaks of', async () => {
  const { wallet, cloud } = await oneHold()
  cloud.balanceMinor = 400
  expectOk(await takeAlong(wallet, cloud), 'exchanged')
  expectOk(await approveOffer(wallet, 400), 'the new one is spent')
  expect(await approveOffer(wallet, 100)).toEqual(err(refusal('wallet.cap')))
})

test('nothing is signed under a closed grant: not now, not after a restart', async () => {
  const { phone, wallet, cloud } = await oneHold()
  cloud.fault = null
  const lost: TwinCloud = { ...cloud, renew: () => Promise.resolve(err(refusal('api.unreachable'))) }
  expect(await takeAlong(wallet, lost)).toEqual(err(refusal('api.unreachable')))
  expect(first(wallet).closing?.outcome).toBe('asked')
  for (const opened of [wallet, await phone.open()]) {
    expect(await opened.scan((await makeOffer()).text)).toEqual(err(refusal('grant.closed')))
    expect(first(opened).entries).toHaveLength(1)
  }
})

test('an approval that was under way when the grant was closed is refused', async () => {
  const { wallet, cloud } = await oneHold()
  expectOk(await wallet.scan((await makeOffer()).text), 'proposed')
  const lost: TwinCloud = { ...cloud, renew: () => Promise.resolve(err(refusal('api.unreachable'))) }
  await takeAlong(wallet, lost)
  expect(await wallet.approve(minorUnits(500))).toEqual(err(refusal('grant.closed')))
})

test('a tab with an older state cannot sign under a grant that another one closed', async () => {
  const { phone, wallet } = await oneHold()
  const second = await phone.open()
  expectOk(await second.closeGrant(first(second).serial), 'closed there')
  expect(await approveOffer(wallet, 500)).toEqual(err(refusal('phone.second-tab')))
})

test('a lost answer costs nothing: the same close and key give the same grant', async () => {
  const { phone, wallet, cloud } = await oneHold()
  cloud.lostRenewals = 2
  expect(await takeAlong(wallet, cloud)).toEqual(err(refusal('api.unreachable')))
  const asked = first(wallet).closing
  phone.clock.timeS += 3_600
  const reopened = await phone.open()
  expect(await takeAlong(reopened, cloud)).toEqual(err(refusal('api.unreachable')))
  expect(first(reopened).closing).toEqual(asked)
  expectOk(await syncOnce(reopened, cloud), 'the round goes on by itself')
  expect(reopened.snapshot().chains).toHaveLength(2)
  expect(reopened.snapshot().chains[1]?.grant.payload.deviceKey).toBe(asked?.renewalKey?.publicKey)
  expect(renewals(cloud)).toBe(3)
})

test('the key of a renewal under way is given to no other grant', async () => {
  const { wallet, cloud } = await oneHold()
  cloud.lostRenewals = 1
  await takeAlong(wallet, cloud)
  const other = expectOk(await wallet.keyForGrant(), 'a key')
  expect(other.publicKey).not.toBe(first(wallet).closing?.renewalKey?.publicKey)
})

test('an operator who misses a piece gets the whole chain once more', async () => {
  const { wallet, cloud } = await oneHold()
  expectOk(await syncOnce(wallet, cloud), 'reported')
  cloud.standing = 'settled'
  expectOk(await syncOnce(wallet, cloud), 'settled')
  cloud.forgetReports()
  expectOk(await takeAlong(wallet, cloud), 'exchanged')
  expect(renewals(cloud)).toBe(2)
})

test('no close leaves before the operator acknowledged the chain up to its end', async () => {
  const { wallet, cloud } = await oneHold()
  const deaf: TwinCloud = {
    ...cloud,
    report: () =>
      Promise.resolve(ok({ acknowledgements: [], sessions: [], revocations: trustNews.revocations })),
  }
  expect(await takeAlong(wallet, deaf)).toEqual(err(refusal('close.incomplete')))
  expect(first(wallet).closing).toBeNull()
})

test('an operator who knows of a later authorization ends the matter, and the rest of the balance still comes along', async () => {
  const { wallet, cloud } = await oneHold()
  const clone: TwinCloud = { ...cloud, renew: () => Promise.resolve(err(refusal('close.contradicted'))) }
  expectOk(await takeAlong(wallet, clone), 'a grant from the balance')
  const [old, next] = wallet.snapshot().chains
  expect(old?.closing?.outcome).toBe('contradicted')
  expect(next?.grant.payload.capMinor).toBe(5_000)
})

test('a grant that somebody else renewed with another key is a contradiction too', async () => {
  const { wallet, cloud } = await oneHold()
  cloud.balanceMinor = 0
  const stranger: TwinCloud = {
    ...cloud,
    renew: (order) => cloud.renew({ ...order, devicePublicKey: storyGrant.deviceKey }),
    requestGrant: () => Promise.resolve(err(refusal('account.insufficient-funds'))),
  }
  expect(await takeAlong(wallet, stranger)).toEqual(err(refusal('phone.key')))
  expect(first(wallet).closing?.outcome).toBe('contradicted')
})

const faults: PlannedFault[] = [1, 2, 3].flatMap((commit) =>
  (['cut-before', 'cut-after', 'full'] as const).map((kind) => ({ commit, kind })),
)
test.each(faults)('power lost at commit $commit ($kind) of a close: one close, or none', async (fault) => {
  const { phone, wallet } = await oneHold()
  const { serial } = first(wallet)
  const struck = await phone.open({ fault })
  const outcome = await struck.closeGrant(serial).catch((error: unknown) => {
    expect(error).toBeInstanceOf(PowerCut)
    return undefined
  })
  const seen = outcome?.ok === true ? outcome.value.signed : first(struck).closing?.signed
  phone.clock.timeS += 60
  const reopened = await phone.open()
  const closed = expectOk(await reopened.closeGrant(serial), 'closed')
  expect(seen ?? closed.signed).toEqual(closed.signed)
  expect(closed.payload.lastSeq).toBe(1)
})

test('an authorization that was written down and cannot be signed keeps its grant from being closed', async () => {
  const phone = newPhone()
  await grantTo(await phone.open())
  const struck = await phone.open({
    wrapSigner: (signer) => ({ ...signer, sign: () => Promise.reject(new Error('gone')) }),
  })
  await struck.scan((await makeOffer()).text)
  await struck.approve(minorUnits(1_000))
  expect(await struck.closeGrant(first(struck).serial)).toEqual(err(refusal('phone.key')))
  expect(first(struck).closing).toBeNull()
})

interface Due {
  readonly says: string
  readonly grant: Parameters<typeof grantTo>[1]
  readonly holdMinor?: number
  readonly passedS?: number
  readonly balanceMinor: number
  readonly calls: readonly string[]
}
const due: readonly Due[] = [
  { says: 'well filled', grant: {}, balanceMinor: 5_000, calls: [] },
  {
    says: 'spent',
    grant: { capMinor: minorUnits(1_000) },
    holdMinor: 1_000,
    balanceMinor: 5_000,
    calls: ['renew'],
  },
  {
    says: 'spent, with an empty account',
    grant: { capMinor: minorUnits(1_000) },
    holdMinor: 1_000,
    balanceMinor: 0,
    calls: [],
  },
  {
    says: 'too small',
    grant: { capMinor: minorUnits(2_000) },
    holdMinor: 1_000,
    balanceMinor: 5_000,
    calls: ['renew'],
  },
  {
    says: 'small, like the account',
    grant: { capMinor: minorUnits(2_000) },
    holdMinor: 1_000,
    balanceMinor: 900,
    calls: [],
  },
  { says: 'used as often as allowed', grant: { spendsMax: 2 }, holdMinor: 1_000, balanceMinor: 0, calls: [] },
  { says: 'in its last day', grant: {}, passedS: 3.2 * 86_400, balanceMinor: 0, calls: ['renew'] },
  { says: 'past its date', grant: {}, passedS: 5 * 86_400, balanceMinor: 0, calls: ['renew'] },
  {
    says: 'not valid yet',
    grant: { notBeforeS: epochSeconds(storyTimeS + 600) },
    balanceMinor: 5_000,
    calls: [],
  },
  {
    says: 'a fleet’s',
    grant: { capMinor: minorUnits(1_000), fleetRules: undefined },
    holdMinor: 1_000,
    balanceMinor: 5_000,
    calls: [],
  },
]
test.each(due)('a grant that is $says', async ({ says, grant, holdMinor, passedS, balanceMinor, calls }) => {
  const phone = newPhone()
  const wallet = await phone.open()
  await withAccount(wallet)
  await grantTo(wallet, grant, says.startsWith('a fleet') ? 'Glen Haulage' : null)
  if (holdMinor !== undefined) {
    const id = expectOk(await approveOffer(wallet, holdMinor), 'approved')
    await wallet.scan(await answerText(id, 'accepted'))
  }
  phone.clock.timeS += passedS ?? 0
  const cloud = twinCloud()
  cloud.balanceMinor = balanceMinor
  expectOk(await syncOnce(wallet, cloud), 'in touch')
  expect(cloud.calls.filter((call) => call === 'renew' || call === 'grant')).toEqual(calls)
})

test('spends that are used up are a reason, once the second one is', async () => {
  const { wallet, cloud } = await oneHold({ spendsMax: 2 })
  cloud.balanceMinor = 0
  expectOk(await syncOnce(wallet, cloud), 'in touch')
  expect(renewals(cloud)).toBe(0)
  expectOk(await approveOffer(wallet, 500), 'approved')
  await wallet.apply((state) => ok({ ...state, ceremony: null }))
  expectOk(await syncOnce(wallet, cloud), 'in touch')
  expect(renewals(cloud)).toBe(1)
})

test('a fleet’s token is exchanged when its spends are used up while it has credit, and stays the fleet’s', async () => {
  const wallet = await newPhone().open()
  await grantTo(wallet, { spendsMax: 1 }, 'Glen Haulage')
  expectOk(await approveOffer(wallet, 500), 'approved')
  await wallet.apply((state) => ok({ ...state, ceremony: null }))
  const cloud = twinCloud()
  cloud.balanceMinor = 9_500
  expectOk(await syncOnce(wallet, cloud), 'in touch')
  expect(wallet.snapshot().chains.map(({ fleetName, closing }) => [fleetName, closing?.outcome])).toEqual([
    ['Glen Haulage', 'renewed'],
    ['Glen Haulage', undefined],
  ])
})

test.each(['grant.revoked', 'api.forbidden', 'wallet.signature'] as const)(
  'an exchange that is refused for good (%s) is not tried again, and no round fails for it',
  async (code) => {
    const { wallet, cloud } = await oneHold()
    cloud.balanceMinor = 0
    let asked = 0
    const refusing: TwinCloud = {
      ...cloud,
      renew: () => {
        asked += 1
        return Promise.resolve(err(refusal(code)))
      },
      requestGrant: () => Promise.resolve(err(refusal('account.insufficient-funds'))),
    }
    expect(await takeAlong(wallet, refusing)).toEqual(err(refusal(code)))
    expectOk(await syncOnce(wallet, refusing), 'a quiet round')
    expect(asked).toBe(1)
  },
)

test('nobody’s grant is exchanged while they decide on an offer', async () => {
  const { phone, wallet, cloud } = await oneHold()
  phone.clock.timeS += 3.2 * 86_400
  expectOk(await wallet.scan((await makeOffer({ timeS: epochSeconds(phone.clock.timeS) })).text), 'proposed')
  expectOk(await syncOnce(wallet, cloud), 'in touch')
  expect(renewals(cloud)).toBe(0)
})

test.each([
  ['asked', 'api.unreachable', 'closing'],
  ['contradicted', 'close.contradicted', 'contradicted'],
] as const)('a close that is %s shows as such on the first screen', async (_outcome, code, why) => {
  const { wallet, cloud } = await oneHold()
  const refused: Refusal = refusal(code)
  const failing: TwinCloud = {
    ...cloud,
    renew: () => Promise.resolve(err(refused)),
    requestGrant: () => Promise.resolve(err(refused)),
  }
  await takeAlong(wallet, failing)
  const { trust, chains } = wallet.snapshot()
  expect(readiness(chains, spendContext(wallet.snapshot(), trust!, wallet.nowS()))).toMatchObject({
    kind: 'renewal',
    why,
  })
})

describe('a fleet’s token that carries nothing any more', () => {
  test('is exchanged when its cap is used up and its sessions are over', async () => {
    const wallet = await newPhone().open()
    await grantTo(wallet, { capMinor: minorUnits(500) }, 'Glen Haulage')
    const id = expectOk(await approveOffer(wallet, 500), 'approved')
    await wallet.scan(await answerText(id, 'accepted'))
    const cloud = twinCloud()
    cloud.balanceMinor = 2_000
    expectOk(await syncOnce(wallet, cloud), 'while it charges')
    expect(renewals(cloud)).toBe(0)
    // 5.00 at 0.49 a kWh: the whole hold.
    await wallet.scan(receiptText(await receiptFor(id, 500, 20_000)))
    expectOk(await syncOnce(wallet, cloud), 'afterwards')
    expect(renewals(cloud)).toBe(1)
    expect(wallet.snapshot().chains.map(({ closing }) => closing?.outcome)).toEqual(['renewed', undefined])
  })

  test('is exchanged when the operator revoked it, and says so still when the token was withdrawn', async () => {
    const wallet = await newPhone().open()
    await grantTo(wallet, { serial: grantSerial('00000000000000aa') }, 'Glen Haulage')
    let asked = 0
    const renew = () => {
      asked += 1
      return Promise.resolve(err(refusal('grant.revoked')))
    }
    const cloud = { ...twinCloud(), renew }
    expectOk(await syncOnce(wallet, cloud), 'in touch')
    expectOk(await syncOnce(wallet, cloud), 'once more')
    expect(asked).toBe(1)
    const state = wallet.snapshot()
    expect(readiness(state.chains, spendContext(state, state.trust!, wallet.nowS()))).toMatchObject({
      kind: 'renewal',
      why: 'revoked',
    })
  })
})
