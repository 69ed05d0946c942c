/** What stands before a console: signing in or up, waiting, founding a fleet, joining one. */

import KeyRound from 'lucide-react/icons/key-round'
import { useState, type ReactNode, type SyntheticEvent } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import { Spinner } from '@/components/ui/spinner'
import type { Refusal } from '@/lib/core/reason'
import { ConsoleFrame } from './console-frame'
import { RefusalNotice } from './refusal-notice'

export type DoorView =
  | { readonly kind: 'loading' }
  | {
      readonly kind: 'signed-out'
      readonly waiting: boolean
      readonly refusal: Refusal | null
      /** Only in the demonstration: its manager has no passkey. */
      readonly demo: boolean
      /** Came by the link of an invitation. */
      readonly invited: boolean
    }
  /** Signed in, and in no organisation of this kind. */
  | {
      readonly kind: 'nowhere'
      readonly mayFound: boolean
      readonly waiting: boolean
      readonly refusal: Refusal | null
    }
  | {
      readonly kind: 'invited'
      readonly code: string
      readonly waiting: boolean
      readonly refusal: Refusal | null
    }
  | { readonly kind: 'unreachable'; readonly refusal: Refusal }

export interface FoundingOrder {
  readonly name: string
  readonly yourName: string
  readonly email: string
}

export interface DoorActs {
  onSignIn(): void
  onSignUp(): void
  onDemoSignIn(): void
  onSignOut(): void
  onTryAgain(): void
  onFound(order: FoundingOrder): void
  onJoin(order: { readonly code: string; readonly yourName: string }): void
}

export interface ConsoleDoorProps extends DoorActs {
  readonly title: string
  readonly view: DoorView
  readonly foot?: ReactNode
}

export function ConsoleDoor({ title, view, foot, ...acts }: ConsoleDoorProps) {
  const t = useTranslations('console.door')
  return (
    <ConsoleFrame title={title} placesLabel={title} places={[]} foot={foot}>
      <div className="mx-auto flex max-w-measure flex-col gap-6 pt-[8vh]">
        <h1 className="text-title">{t(view.kind === 'invited' ? 'invitedTitle' : 'title')}</h1>
        <DoorContent view={view} acts={acts} />
      </div>
    </ConsoleFrame>
  )
}

function DoorContent({ view, acts }: { readonly view: DoorView; readonly acts: DoorActs }) {
  const t = useTranslations('console.door')
  const common = useTranslations('common')
  switch (view.kind) {
    case 'loading':
      return <Spinner awaited={t('loading')} usual={t('loadingUsual')} />
    case 'unreachable':
      return (
        <>
          <RefusalNotice refusal={view.refusal} />
          <Button kind="primary" onClick={acts.onTryAgain}>
            {common('tryAgain')}
          </Button>
        </>
      )
    case 'nowhere':
      return view.mayFound ? (
        <Founding {...view} acts={acts} />
      ) : (
        <>
          <Notice tone="plain" title={t('nowhere')} action={t('nowhereAction')} />
          <Button onClick={acts.onSignOut}>{t('signOut')}</Button>
        </>
      )
    case 'invited':
      return <Joining {...view} acts={acts} />
    case 'signed-out':
      return <SignedOut {...view} acts={acts} />
  }
}

type Of<Kind extends DoorView['kind']> = Extract<DoorView, { kind: Kind }> & { readonly acts: DoorActs }

function SignedOut({ waiting, refusal, demo, invited, acts }: Of<'signed-out'>) {
  const t = useTranslations('console.door')
  return (
    <>
      <p className="text-lead">{t(invited ? 'invitedLead' : 'lead')}</p>
      {refusal === null ? null : <RefusalNotice refusal={refusal} />}
      <div className="flex flex-col gap-3">
        <Button
          kind="primary"
          wide
          busy={waiting}
          icon={<KeyRound className="size-icon" strokeWidth={1.75} aria-hidden="true" />}
          onClick={acts.onSignIn}
        >
          {t('signIn')}
        </Button>
        <Button wide busy={waiting} onClick={acts.onSignUp}>
          {t('signUp')}
        </Button>
        <p className="text-note text-mute">{t('signUpNote')}</p>
      </div>
      {demo ? (
        <div className="border-t border-line pt-6">
          <p className="mb-3 text-mute">{t('demoLead')}</p>
          <Button wide busy={waiting} onClick={acts.onDemoSignIn}>
            {t('demoSignIn')}
          </Button>
        </div>
      ) : null}
    </>
  )
}

function Founding({ waiting, refusal, acts }: Of<'nowhere'>) {
  const t = useTranslations('console.door')
  const [order, setOrder] = useState<FoundingOrder>({ name: '', yourName: '', email: '' })
  const found = (event: SyntheticEvent): void => {
    event.preventDefault()
    acts.onFound(order)
  }
  const field = (name: keyof FoundingOrder) => ({
    label: t(`found.${name}`),
    value: order[name],
    required: true,
    onChange: (event: { readonly currentTarget: HTMLInputElement }) =>
      setOrder({ ...order, [name]: event.currentTarget.value }),
  })
  return (
    <form onSubmit={found} className="flex flex-col gap-6">
      <p className="text-lead">{t('found.lead')}</p>
      <Field {...field('name')} autoComplete="organization" maxLength={120} />
      <Field {...field('yourName')} autoComplete="name" maxLength={120} hint={t('found.nameHint')} />
      <Field
        {...field('email')}
        type="email"
        autoComplete="email"
        maxLength={254}
        hint={t('found.emailHint')}
      />
      {refusal === null ? null : <RefusalNotice refusal={refusal} />}
      <Button kind="primary" wide busy={waiting} type="submit">
        {t('found.act')}
      </Button>
      <Button kind="quiet" onClick={acts.onSignOut}>
        {t('signOut')}
      </Button>
    </form>
  )
}

function Joining({ code, waiting, refusal, acts }: Of<'invited'>) {
  const t = useTranslations('console.door')
  const [yourName, setYourName] = useState('')
  const join = (event: SyntheticEvent): void => {
    event.preventDefault()
    acts.onJoin({ code, yourName })
  }
  return (
    <form onSubmit={join} className="flex flex-col gap-6">
      <p className="text-lead">{t('joinLead')}</p>
      <Field
        label={t('found.yourName')}
        hint={t('found.nameHint')}
        value={yourName}
        required
        maxLength={120}
        autoComplete="name"
        onChange={(event) => setYourName(event.currentTarget.value)}
      />
      {refusal === null ? null : <RefusalNotice refusal={refusal} />}
      <Button kind="primary" wide busy={waiting} type="submit">
        {t('joinAct')}
      </Button>
      <Button kind="quiet" onClick={acts.onSignOut}>
        {t('signOut')}
      </Button>
    </form>
  )
}
