/** The operator's rules as a phone asks them: by the policy that the charger's offer names, before the driver decides. */

import { beforeAll, describe, expect, test } from 'vitest'
import { expectOk, ok } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import { signMessage } from '@/lib/protocol/message'
import { policy } from '@/lib/protocol/messages/policy'
import type { PolicyRule } from '@/lib/protocol/messages/policy-terms'
import { currentProposal } from '@/lib/wallet/ceremony'
import { refusalOfDecline } from '@/lib/wallet/decline-words'
import { keepMessage } from '@/lib/wallet/kept-message'
import type { Wallet } from '@/lib/wallet/wallet'
import { issuerSigner, tellStory, type Story } from '../../../fixtures/messages'
import { answerText, approveOffer, grantTo, makeOffer, newPhone } from '../../../fixtures/wallet-world'

let story: Story
beforeAll(async () => {
  story = await tellStory()
})

const rule = (when: string, effect: Partial<PolicyRule>, name = 'a-rule'): PolicyRule => ({
  name,
  when,
  ...effect,
})
const closed = (when: string, name = 'closed') =>
  rule(when, { decline: [{ language: 'en', text: `No: ${name}.` }] }, name)

/** A phone that holds a policy with these rules, under the sequence that chargers' offers name. */
async function phoneWith(
  rules: readonly PolicyRule[],
  options: { readonly passkey?: boolean } = {},
): Promise<Wallet> {
  const wallet = await newPhone().open()
  await grantTo(wallet, {})
  const signed = await signMessage(policy, { ...story.policy.payload, rules }, issuerSigner)
  await wallet.apply((state) =>
    ok({
      ...state,
      trust: state.trust === null ? null : { ...state.trust, policy: keepMessage(signed) },
      ...(options.passkey === true
        ? { passkey: { credentialId: 'a', algorithm: 'ES256' as const, publicKey: new Uint8Array(33) } }
        : {}),
    }),
  )
  return wallet
}

async function choicesOf(wallet: Wallet, changes = {}): Promise<readonly number[] | string> {
  const scanned = await wallet.scan((await makeOffer(changes)).text)
  if (!scanned.ok) return scanned.error.code
  const proposal = currentProposal(wallet.snapshot(), wallet.nowS())
  if (proposal === undefined || !proposal.ok) throw new Error('A proposal stands')
  return proposal.value.choices.map(({ holdMinor, stepUp }) => (stepUp ? -holdMinor : holdMinor))
}

describe('what is proposed', () => {
  test('is no more than a rule allows, and the rule’s own figure is among the choices', async () => {
    const wallet = await phoneWith([rule("grantKind == 'roaming'", { holdMaxMinor: minorUnits(800) })])
    expect(await choicesOf(wallet)).toEqual([500, 800])
    const proposal = currentProposal(wallet.snapshot(), wallet.nowS())
    expect(proposal).toMatchObject({ ok: true, value: { limitedBy: 'hold.rule', suggestedMinor: 800 } })
  })

  test('leaves out what a rule declines, and keeps the rest', async () => {
    expect(await choicesOf(await phoneWith([closed('holdMinor > 700')]))).toEqual([500])
  })

  test('asks for the passkey where only that helps', async () => {
    const wallet = await phoneWith([closed('holdMinor > 700 && !stepUp')], { passkey: true })
    expect(await choicesOf(wallet)).toEqual([500, -1_000, -1_500, -2_000, -3_000, -4_000, -5_000, -6_000])
  })

  test('is nothing where a rule declines all, in the operator’s words', async () => {
    const wallet = await phoneWith([closed('fleet == 0')])
    expect(await wallet.scan((await makeOffer()).text)).toEqual({
      ok: false,
      error: {
        code: 'rule.declined',
        facts: { rule: 'closed', 'words-en': 'No: closed.', 'words-de': 'No: closed.' },
      },
    })
  })

  test.each([
    ['rules that ask what only the charger knows', 'openSessions >= 0', {}],
    ['rules of another policy than the offer’s', 'true', { policySequence: 8 }],
  ])('leaves %s to the charger', async (_name, when, offered) => {
    expect(await choicesOf(await phoneWith([closed(when)]), offered)).toEqual([500, 1_000, 1_500])
  })
})

describe('a decline by a rule', () => {
  const declined = async (rules: readonly PolicyRule[]) => {
    const wallet = await phoneWith(rules)
    const id = expectOk(await approveOffer(wallet, 500), 'approved')
    const outcome = expectOk(await wallet.scan(await answerText(id, 'rule.declined')), 'an answer')
    return { outcome, again: refusalOfDecline(wallet.snapshot(), id) }
  }

  test('is told in the words of the only rule that can have said it', async () => {
    const { outcome, again } = await declined([closed('openSessions > 3', 'full')])
    expect(outcome).toMatchObject({ kind: 'declined', refusal: { facts: { 'words-en': 'No: full.' } } })
    expect(again).toMatchObject({ code: 'rule.declined', facts: { rule: 'full' } })
  })

  test('of several that the phone cannot ask is told plainly', async () => {
    const { outcome } = await declined([
      closed('openSessions > 3', 'full'),
      closed('hoursOffline > 9', 'alone'),
    ])
    expect(outcome).toMatchObject({ kind: 'declined', refusal: { code: 'rule.declined' } })
    expect(outcome).not.toHaveProperty('refusal.facts')
  })
})
