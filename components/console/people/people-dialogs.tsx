/** The questions of the page of people. What takes somebody's rights asks for the name to be typed. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Choice } from '@/components/ui/choice'
import { Field } from '@/components/ui/field'
import type { Progress } from '../progress'
import { Question, type QuestionProps } from '../question'
import { ShownOnce } from './shown-once'
import type { Member, PeopleActs, PeopleView, Role } from './people-view'

export interface PeopleDialogsProps {
  readonly view: PeopleView
  readonly acts: PeopleActs
}

export function PeopleDialogs({ view, acts }: PeopleDialogsProps) {
  const t = useTranslations('consolePeople')
  const { dialog } = view
  const onClose = acts.onCloseDialog
  switch (dialog.kind) {
    case 'none':
      return null
    case 'invite':
      return <Invite sendsMail={view.people.sendsMail} progress={dialog.progress} acts={acts} />
    case 'invited':
      return (
        <ShownOnce
          title={t('invited.title', { email: dialog.invited.email })}
          lead={t(dialog.invited.isMailed ? 'invited.mailed' : 'invited.passOn')}
          text={dialog.invited.joinUrl}
          qrLabel={t('invited.qr')}
          note={t('invited.note')}
          onCopy={acts.onCopy}
          onClose={onClose}
        />
      )
    case 'role':
      return <ChangeRole member={dialog.member} progress={dialog.progress} acts={acts} />
    case 'remove':
      return (
        <Typed
          title={t('remove.title', { name: dialog.member.name })}
          lead={t('remove.lead')}
          name={dialog.member.name === '' ? dialog.member.email : dialog.member.name}
          act={t('remove.act')}
          progress={dialog.progress}
          onAct={() => acts.onRemove(dialog.member.memberId)}
          onClose={onClose}
        />
      )
    case 'leave':
      return (
        <Typed
          title={t('leave.title', { name: view.organisation })}
          lead={t('leave.lead')}
          name={view.organisation}
          act={t('leave.act')}
          progress={dialog.progress}
          onAct={acts.onLeave}
          onClose={onClose}
        />
      )
    case 'create-key':
      return <CreateKey progress={dialog.progress} acts={acts} />
    case 'created-key':
      return (
        <ShownOnce
          title={t('createdKey.title', { name: dialog.created.name })}
          lead={t('createdKey.lead')}
          text={dialog.created.secret}
          qrLabel={null}
          note={t('createdKey.note')}
          onCopy={acts.onCopy}
          onClose={onClose}
        />
      )
    case 'revoke-key':
      return (
        <Typed
          title={t('revokeKey.title', { name: dialog.apiKey.name })}
          lead={t('revokeKey.lead')}
          name={dialog.apiKey.name}
          act={t('revokeKey.act')}
          progress={dialog.progress}
          onAct={() => acts.onRevokeKey(dialog.apiKey.keyId)}
          onClose={onClose}
        />
      )
  }
}

interface InviteProps {
  readonly sendsMail: boolean
  readonly progress: Progress
  readonly acts: PeopleActs
}

function Invite({ sendsMail, progress, acts }: InviteProps) {
  const t = useTranslations('consolePeople.invite')
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('manager')
  return (
    <Question
      title={t('title')}
      act={t('act')}
      disabled={email.trim() === ''}
      progress={progress}
      onAct={() => acts.onInvite({ email: email.trim(), role })}
      onClose={acts.onCloseDialog}
    >
      <p>{t(sendsMail ? 'leadMail' : 'leadLink')}</p>
      <Field
        label={t('email')}
        type="email"
        maxLength={254}
        autoComplete="off"
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <RoleChoice value={role} onChange={setRole} />
    </Question>
  )
}

const plain = (name: string): string => name.normalize('NFKC').trim().toLowerCase()

interface TypedProps extends Omit<QuestionProps, 'children' | 'kind' | 'disabled'> {
  readonly lead: string
  /** What has to be typed. */
  readonly name: string
}

function Typed({ lead, name, ...question }: TypedProps) {
  const t = useTranslations('consolePeople')
  const [typed, setTyped] = useState('')
  return (
    <Question {...question} kind="destructive" disabled={plain(typed) !== plain(name)}>
      <p>{lead}</p>
      <Field
        label={t('type', { name })}
        value={typed}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
      />
    </Question>
  )
}

interface ChangeRoleProps {
  readonly member: Member
  readonly progress: Progress
  readonly acts: PeopleActs
}

function ChangeRole({ member, progress, acts }: ChangeRoleProps) {
  const t = useTranslations('consolePeople.changeRole')
  const [role, setRole] = useState<Role>(member.role)
  return (
    <Question
      title={t('title', { name: member.name })}
      act={t('act')}
      disabled={role === member.role}
      progress={progress}
      onAct={() => acts.onRole(member.memberId, role)}
      onClose={acts.onCloseDialog}
    >
      <RoleChoice value={role} onChange={setRole} />
    </Question>
  )
}

interface RoleChoiceProps {
  readonly value: Role
  readonly among?: readonly Role[]
  onChange(role: Role): void
}

const everyRole: readonly Role[] = ['owner', 'manager', 'viewer']

function RoleChoice({ value, among = everyRole, onChange }: RoleChoiceProps) {
  const t = useTranslations('consolePeople')
  const console = useTranslations('console')
  return (
    <div className="flex flex-col gap-2">
      <Choice
        legend={t('roleLegend')}
        layout="column"
        options={among.map((role) => ({ value: role, label: console(`roles.${role}`) }))}
        value={value}
        onChange={onChange}
      />
      <p className="text-note text-mute">{t(`roleMeans.${value}`)}</p>
    </div>
  )
}

function CreateKey({ progress, acts }: { readonly progress: Progress; readonly acts: PeopleActs }) {
  const t = useTranslations('consolePeople.createKey')
  const [name, setName] = useState('')
  const [role, setRole] = useState<'manager' | 'viewer'>('viewer')
  const [days, setDays] = useState(90)
  return (
    <Question
      title={t('title')}
      act={t('act')}
      disabled={name.trim() === ''}
      progress={progress}
      onAct={() => acts.onCreateKey({ name: name.trim(), role, days })}
      onClose={acts.onCloseDialog}
    >
      <Field
        label={t('name')}
        hint={t('nameHint')}
        maxLength={120}
        value={name}
        autoComplete="off"
        onChange={(event) => setName(event.target.value)}
      />
      <RoleChoice
        value={role}
        among={['manager', 'viewer']}
        onChange={(chosen) => setRole(chosen === 'manager' ? 'manager' : 'viewer')}
      />
      <Choice
        legend={t('days')}
        options={[30, 90, 365].map((value) => ({ value, label: t('dayCount', { count: value }) }))}
        value={days}
        onChange={(value) => setDays(value)}
      />
    </Question>
  )
}
