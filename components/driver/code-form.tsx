/** One code to type and one act: a fleet's, or a recovery code. */

import { useState, type ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import type { Refusal } from '@/lib/core/reason'
import { RefusalNotice } from './refusal-notice'
import { Screen } from './screen'

/** What both screens are in before their code was taken. */
export type CodeFormState =
  { readonly kind: 'ready' | 'waiting' } | { readonly kind: 'failed'; readonly refusal: Refusal }

export interface CodeFormProps {
  readonly online: boolean
  readonly state: CodeFormState
  readonly title: string
  readonly lead: string
  readonly label: string
  readonly hint: string
  readonly act: string
  readonly icon?: ReactNode
  /** From a link, so that nobody need type it. */
  readonly firstCode?: string
  readonly autoComplete: 'one-time-code' | 'off'
  readonly offline: { readonly title: string; readonly action: string }
  /** Whether as much is typed as a code has. */
  isWhole(code: string): boolean
  readonly children?: ReactNode
  onCode(code: string): void
  onBack(): void
}

export function CodeForm(props: CodeFormProps) {
  const { online, state, offline } = props
  const [code, setCode] = useState(props.firstCode ?? '')
  const waiting = state.kind === 'waiting'
  const canSend = online && props.isWhole(code)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (canSend && !waiting) props.onCode(code.trim())
      }}
    >
      <Screen
        title={props.title}
        onBack={props.onBack}
        foot={
          <Button kind="primary" type="submit" wide busy={waiting} disabled={!canSend} icon={props.icon}>
            {props.act}
          </Button>
        }
      >
        <p className="text-lead">{props.lead}</p>
        <Field
          label={props.label}
          hint={props.hint}
          value={code}
          disabled={waiting}
          autoCapitalize="characters"
          autoComplete={props.autoComplete}
          spellCheck={false}
          onChange={(event) => setCode(event.target.value)}
        />
        {online ? null : <Notice tone="offline" title={offline.title} action={offline.action} />}
        {state.kind === 'failed' ? <RefusalNotice refusal={state.refusal} /> : null}
        {props.children}
      </Screen>
    </form>
  )
}
