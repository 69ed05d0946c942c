/** Who is signed in to a console and for which organisation they act. Every page of the console stands behind it. */

import type { DoorView, FoundingOrder } from '@/components/console/console-door'
import type { AnswerOf } from '@/lib/cloud/operations/operation'
import type { foundFleet, joinOrganisation, listOrganisations } from '@/lib/cloud/operations/organisation'
import type { OrganisationKind } from '@/lib/cloud/organisations/roles'
import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import { actFor, ask } from './ask'
import { makePasskey, signInForDemo, signInWithPasskey, signOut } from './passkey-door'

type Memberships = AnswerOf<typeof listOrganisations>
export type Membership = Memberships['memberships'][number]

export type ConsoleState =
  | { readonly kind: 'door'; readonly view: DoorView }
  | {
      readonly kind: 'inside'
      readonly membership: Membership
      /** All that this console can be used for. */
      readonly memberships: readonly Membership[]
      readonly currency: string
    }

export interface ConsoleStore {
  subscribe(onChange: () => void): () => void
  snapshot(): ConsoleState
  signIn(): void
  signUp(): void
  signInForDemo(): void
  signOut(): void
  tryAgain(): void
  found(order: FoundingOrder): void
  join(order: { readonly code: string; readonly yourName: string }): void
  choose(organisationId: string): void
  onRefusal(refusal: Refusal): void
}

export interface ConsoleChoices {
  readonly kind: OrganisationKind
  readonly demo: boolean
  /** A cookie is there, so that it is worth asking. */
  readonly mayBeSignedIn: boolean
  /** From the link of an invitation. */
  readonly invitation: () => string | null
  /** Of this browser: which organisation was looked at last. */
  readonly last: { load(): string | null; save(organisationId: string): void }
}

export function createConsoleStore(choices: ConsoleChoices): ConsoleStore {
  let state: ConsoleState = choices.mayBeSignedIn ? doorOf({ kind: 'loading' }) : signedOut(choices)
  let isAsked = false
  const listeners = new Set<() => void>()
  const show = (next: ConsoleState): void => {
    state = next
    for (const listener of listeners) listener()
  }
  const look = async (): Promise<void> => {
    const answer = await ask<Memberships>('/organisations')
    if (answer.ok) {
      const next = enter(choices, answer.value)
      if (next.kind === 'inside') actFor(next.membership.organisationId)
      return show(next)
    }
    show(
      answer.error.code === 'api.unauthenticated'
        ? signedOut(choices)
        : doorOf({ kind: 'unreachable', refusal: answer.error }),
    )
  }
  const leave = (): void => {
    actFor(undefined)
    show(signedOut(choices))
  }
  return {
    ...throughTheDoor(choices, { show, look, shown: () => state }),
    subscribe(onChange) {
      listeners.add(onChange)
      if (!isAsked && choices.mayBeSignedIn) void look()
      isAsked = true
      return () => listeners.delete(onChange)
    },
    snapshot: () => state,
    signOut: () => void signOut().then(leave),
    tryAgain: () => {
      show(doorOf({ kind: 'loading' }))
      void look()
    },
    choose(organisationId) {
      if (state.kind !== 'inside') return
      const membership = state.memberships.find((one) => one.organisationId === organisationId)
      if (membership === undefined) return
      choices.last.save(organisationId)
      actFor(organisationId)
      show({ ...state, membership })
    },
    onRefusal({ code }) {
      if (code === 'api.unauthenticated') leave()
      // The membership ended: ask what is left.
      else if (code === 'api.forbidden') void look()
    },
  }
}

const doorOf = (view: DoorView): ConsoleState => ({ kind: 'door', view })

const signedOut = (
  { demo, invitation }: ConsoleChoices,
  waiting = false,
  refusal: Refusal | null = null,
): ConsoleState => doorOf({ kind: 'signed-out', waiting, refusal, demo, invited: invitation() !== null })

function enter({ kind, invitation, last }: ConsoleChoices, found: Memberships): ConsoleState {
  const usable = found.memberships.filter((membership) => membership.kind === kind)
  const code = invitation()
  if (code !== null) return doorOf({ kind: 'invited', code, waiting: false, refusal: null })
  const wanted = last.load()
  const membership = usable.find(({ organisationId }) => organisationId === wanted) ?? usable[0]
  return membership === undefined
    ? doorOf({ kind: 'nowhere', mayFound: kind === 'fleet', waiting: false, refusal: null })
    : { kind: 'inside', membership, memberships: usable, currency: found.currency }
}

interface Threshold {
  show(state: ConsoleState): void
  shown(): ConsoleState
  look(): Promise<void>
}

function throughTheDoor(
  choices: ConsoleChoices,
  { show, shown, look }: Threshold,
): Pick<ConsoleStore, 'signIn' | 'signUp' | 'signInForDemo' | 'found' | 'join'> {
  const view = (): DoorView | undefined => {
    const state = shown()
    return state.kind === 'door' ? state.view : undefined
  }
  const pass = async (attempt: () => Promise<Result<unknown, Refusal>>): Promise<void> => {
    const before = view()
    if (before?.kind !== 'signed-out' || before.waiting) return
    show(signedOut(choices, true))
    const answer = await attempt()
    if (!answer.ok) return show(signedOut(choices, false, answer.error))
    show(doorOf({ kind: 'loading' }))
    await look()
  }
  /** Founding and joining: the door stays open with what was refused. */
  const become = async (
    attempt: () => Promise<Result<{ readonly organisationId: string }, Refusal>>,
  ): Promise<void> => {
    const before = view()
    if ((before?.kind !== 'nowhere' && before?.kind !== 'invited') || before.waiting) return
    show(doorOf({ ...before, waiting: true, refusal: null }))
    const answer = await attempt()
    if (!answer.ok) return show(doorOf({ ...before, waiting: false, refusal: answer.error }))
    choices.last.save(answer.value.organisationId)
    // The code of an invitation has done its work; a reload must not ask for it again.
    if (before.kind === 'invited') window.history.replaceState(null, '', window.location.pathname)
    await look()
  }
  return {
    signIn: () => void pass(signInWithPasskey),
    signUp: () => void pass(makePasskey),
    signInForDemo: () => void pass(() => signInForDemo(choices.kind)),
    found: (order) => void become(() => ask<AnswerOf<typeof foundFleet>>('/organisations', order)),
    join: (order) => void become(() => ask<AnswerOf<typeof joinOrganisation>>('/organisations/join', order)),
  }
}
