/** Who belongs to the organisation, who is invited, which programs act for it, and what all of them did. */

import UserPlus from 'lucide-react/icons/user-plus'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { useFormat } from '@/lib/format/use-format'
import { DataTable } from '../data-table'
import { RefusalNotice } from '../refusal-notice'
import { SectionHead } from '../section-head'
import { ActLog } from './act-log'
import { PeopleDialogs } from './people-dialogs'
import type { Invitation, Member, PeopleActs, PeopleView } from './people-view'
import { Programs } from './programs'

export interface PeopleScreenProps {
  readonly view: PeopleView
  readonly acts: PeopleActs
}

export function PeopleScreen({ view, acts }: PeopleScreenProps) {
  const t = useTranslations('consolePeople')
  const console = useTranslations('console')
  const format = useFormat()
  const { people, may, asOfS, nowS } = view
  const ages = { asOfS, nowS }
  return (
    <>
      <div className="mb-8 flex flex-wrap items-center justify-between gap-4">
        <h1 className="text-title">{t('title')}</h1>
        <div className="flex flex-col items-end gap-1">
          <Button
            kind="primary"
            icon={<UserPlus className="size-icon shrink-0" strokeWidth={1.75} aria-hidden="true" />}
            disabled={!may.invite}
            onClick={() => acts.onOpen({ kind: 'invite', progress: { kind: 'asking' } })}
          >
            {t('invite.open')}
          </Button>
          {may.invite ? null : <p className="text-note text-mute">{t('mayNotInvite')}</p>}
        </div>
      </div>
      <div className="flex flex-col gap-4 not-empty:mb-6">
        {view.isStale ? (
          <Notice
            tone="offline"
            title={console('stale.title')}
            action={console('stale.action', { when: format.moment(asOfS, nowS) })}
          />
        ) : null}
        {view.refusal === null ? null : <RefusalNotice refusal={view.refusal} />}
      </div>
      <section aria-labelledby="members" className="mb-12">
        <SectionHead id="members" title={t('members.title')} {...ages} />
        <Members view={view} acts={acts} />
      </section>
      {people.invitations.length === 0 ? null : (
        <section aria-labelledby="invitations" className="mb-12">
          <SectionHead id="invitations" title={t('invitations.title')} {...ages} />
          <Invitations view={view} acts={acts} />
        </section>
      )}
      {view.keys === null ? null : <Programs view={view} keys={view.keys} acts={acts} />}
      {view.log === null ? null : <ActLog view={view} log={view.log} acts={acts} />}
      <PeopleDialogs view={view} acts={acts} />
    </>
  )
}

function Members({ view, acts }: PeopleScreenProps) {
  const t = useTranslations('consolePeople.members')
  const console = useTranslations('console')
  const format = useFormat()
  const { people, may } = view
  const asking = { kind: 'asking' } as const
  return (
    <>
      <DataTable<Member>
        caption={t('title')}
        rows={people.members}
        empty=""
        keyOf={({ memberId }) => memberId}
        columns={[
          {
            id: 'name',
            head: t('name'),
            isRowHead: true,
            cell: ({ name, email }) => (
              <>
                <span className="block font-bold">{name === '' ? t('unnamed') : name}</span>
                <span className="block text-note font-normal text-mute">{email}</span>
              </>
            ),
          },
          { id: 'role', head: t('role'), cell: ({ role }) => console(`roles.${role}`) },
          { id: 'since', head: t('since'), align: 'right', cell: ({ sinceS }) => format.day(sinceS) },
          {
            id: 'acts',
            head: t('acts'),
            align: 'right',
            cell: (member) => (
              <span className="inline-flex flex-wrap justify-end gap-2">
                <Button
                  kind="quiet"
                  className="px-3!"
                  disabled={!may.changeRole}
                  aria-label={t('changeRoleOf', { name: member.name })}
                  onClick={() => acts.onOpen({ kind: 'role', member, progress: asking })}
                >
                  {t('changeRole')}
                </Button>
                <Button
                  kind="quiet"
                  className="px-3!"
                  disabled={!may.remove}
                  aria-label={t('removeOf', { name: member.name })}
                  onClick={() => acts.onOpen({ kind: 'remove', member, progress: asking })}
                >
                  {t('remove')}
                </Button>
              </span>
            ),
          },
        ]}
      />
      <div className="mt-3 flex flex-wrap items-center justify-between gap-3">
        <p className="text-note text-mute">{may.changeRole ? t('ownerNote') : t('mayNotChange')}</p>
        <Button kind="quiet" onClick={() => acts.onOpen({ kind: 'leave', progress: asking })}>
          {t('leave')}
        </Button>
      </div>
    </>
  )
}

function Invitations({ view, acts }: PeopleScreenProps) {
  const t = useTranslations('consolePeople.invitations')
  const console = useTranslations('console')
  const format = useFormat()
  return (
    <DataTable<Invitation>
      caption={t('title')}
      rows={view.people.invitations}
      empty=""
      keyOf={({ invitationId }) => invitationId}
      columns={[
        {
          id: 'email',
          head: t('email'),
          isRowHead: true,
          cell: ({ email }) => <span className="font-bold">{email}</span>,
        },
        { id: 'role', head: t('role'), cell: ({ role }) => console(`roles.${role}`) },
        {
          id: 'until',
          head: t('until'),
          align: 'right',
          cell: ({ expiresAtS }) => format.moment(expiresAtS, view.nowS),
        },
        {
          id: 'acts',
          head: t('acts'),
          align: 'right',
          cell: ({ invitationId, email }) => (
            <Button
              kind="quiet"
              className="px-3!"
              disabled={!view.may.cancel}
              aria-label={t('withdrawOf', { email })}
              onClick={() => acts.onWithdraw(invitationId)}
            >
              {t('withdraw')}
            </Button>
          ),
        },
      ]}
    />
  )
}
