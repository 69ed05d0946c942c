/** Valid authorizations of several wallets at one charger: what the attacks on acceptance start from. */

import type { AcceptanceFacts } from '@/charger-kiosk/session/acceptance'
import type { Bytes } from '@/lib/core/bytes'
import { grantSerial, siteId, type MessageHash } from '@/lib/core/ids'
import { epochSeconds, minorUnits } from '@/lib/core/units'
import { encodeEnvelope } from '@/lib/protocol/envelope'
import { signMessage, type VerifiedMessage } from '@/lib/protocol/message'
import { authorization, type Authorization } from '@/lib/protocol/messages/authorization'
import { grant, type Grant } from '@/lib/protocol/messages/grant'
import { issuerSigner, storyGrant, storyTimeS, testSigner, type Story } from '@/tests/fixtures/messages'
import { assertionOver, passkeyHash } from '@/tests/fixtures/virtual-passkey'
import { chargerFacts } from '@/tests/vectors/acceptance-cases'

export interface GenuineAuthorization {
  readonly wallet: string
  readonly authorization: VerifiedMessage<Authorization>
  readonly grant: VerifiedMessage<Grant>
  readonly assertion: Bytes | undefined
  readonly envelope: Bytes
}

interface Plan {
  readonly wallet: string
  readonly serial: string
  readonly grant?: Partial<Grant>
  readonly holdMinor: number
  readonly stepUp?: boolean
  /** Continues a chain of which this charger saw the authorization before. */
  readonly continues?: boolean
}

const rules = { fleet: 4, vehicleClass: 2, dailyLimitMinor: minorUnits(5_000), fromMinute: 0, toMinute: 0 }

const plans: readonly Plan[] = [
  { wallet: 'wallet', serial: 'a1b2c3d4e5f60718', holdMinor: 1_000 },
  { wallet: 'boris', serial: 'b0b0b0b0b0b0b0b0', holdMinor: 5_000, stepUp: true },
  { wallet: 'clara', serial: 'c1a4ac1a4ac1a4aa', holdMinor: 700, grant: { sites: [siteId('kinross')] } },
  { wallet: 'fleet', serial: 'f1ee7f1ee7f1ee70', holdMinor: 1_400, grant: { fleetRules: rules } },
  { wallet: 'sealed', serial: '5ea1ed5ea1ed5ea1', holdMinor: 300, grant: { keyProtection: 'sealed' } },
  { wallet: 'dora', serial: 'd04ad04ad04ad04a', holdMinor: 900, continues: true },
]

/** What the charger saw of the chain that goes on: two sessions, of which one was given back. */
const before = { seq: 2, hash: '2'.repeat(32) as MessageHash, grossMinor: 2_000, releasedMinor: 1_000 }
const continuedSerial = grantSerial('d04ad04ad04ad04a')

export const acceptanceCorpus = (story: Story): Promise<GenuineAuthorization[]> =>
  Promise.all(plans.map((plan) => authorize(plan, story)))

async function authorize(plan: Plan, story: Story): Promise<GenuineAuthorization> {
  const signer = testSigner(plan.wallet)
  const granted = await signMessage(
    grant,
    {
      ...storyGrant,
      serial: grantSerial(plan.serial),
      deviceKey: signer.publicKey,
      passkeyHash,
      ...plan.grant,
    },
    issuerSigner,
  )
  const signed = await signMessage(
    authorization,
    {
      offerHash: story.offer.hash,
      holdMinor: minorUnits(plan.holdMinor),
      seq: plan.continues === true ? before.seq + 1 : 1,
      previous: plan.continues === true ? before.hash : granted.hash,
      grossMinor: minorUnits(plan.holdMinor + (plan.continues === true ? before.grossMinor : 0)),
      releasedMinor: minorUnits(plan.continues === true ? before.releasedMinor : 0),
      timeS: epochSeconds(storyTimeS + 30),
      revocationEpoch: 12,
      grantHash: granted.hash,
    },
    signer,
  )
  const assertion = plan.stepUp === true ? assertionOver(signed.hash) : undefined
  const parts = [signed.bytes, granted.bytes, ...(assertion === undefined ? [] : [assertion])]
  return {
    wallet: plan.wallet,
    authorization: signed,
    grant: granted,
    assertion,
    envelope: encodeEnvelope({ kind: 'authorization', parts }),
  }
}

export const acceptanceFacts = (story: Story): AcceptanceFacts => ({
  ...chargerFacts(story),
  chain: (serial) =>
    serial === continuedSerial
      ? {
          ...before,
          grossMinor: minorUnits(before.grossMinor),
          releasedMinor: minorUnits(before.releasedMinor),
          confirmed: true,
          seenAtS: storyTimeS,
          expiresAtS: storyGrant.notAfterS,
          day: 0,
          dayMinor: minorUnits(0),
        }
      : undefined,
})
