/** What can go wrong around two devices, each at one switch. */

import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import type { DemoState } from '@/scripts/start/demo-control-types'

export interface SwitchState {
  readonly phoneOffline: boolean
  readonly tampers: boolean
  readonly state: DemoState | null
}

export interface DemoSwitchesProps {
  readonly switches: SwitchState
  onPress(act: 'kill-controller' | 'restart-controller' | 'plug' | 'unplug'): void
  onPhoneOffline(offline: boolean): void
  onChargerOffline(offline: boolean): void
  onTamper(tampers: boolean): void
}

export function DemoSwitches(props: DemoSwitchesProps) {
  const translate = useTranslations('demo')
  const { state, phoneOffline, tampers } = props.switches
  const plugged = state?.vehicle === 'plugged'
  const stopped = state?.controller === 'stopped'
  return (
    <div className="flex flex-col gap-3">
      <Button disabled={state === null} onClick={() => props.onPress(plugged ? 'unplug' : 'plug')} wide>
        {translate(plugged ? 'unplug' : 'plug')}
      </Button>
      <fieldset className="flex flex-col rounded-card border border-line bg-card px-6 py-2">
        <legend className="sr-only">{translate('switches')}</legend>
        <Switch checked={phoneOffline} onChange={props.onPhoneOffline}>
          {translate('phoneOffline')}
        </Switch>
        <Switch
          checked={state?.uplink === 'offline'}
          disabled={state === null || stopped}
          onChange={props.onChargerOffline}
        >
          {translate('chargerOffline')}
        </Switch>
        <Switch
          checked={stopped}
          disabled={state === null}
          onChange={(off) => props.onPress(off ? 'kill-controller' : 'restart-controller')}
        >
          {translate('controllerOff')}
        </Switch>
        <Switch checked={tampers} onChange={props.onTamper}>
          {translate('tamper')}
        </Switch>
      </fieldset>
    </div>
  )
}

interface SwitchProps {
  readonly checked: boolean
  readonly disabled?: boolean
  readonly children: ReactNode
  onChange(checked: boolean): void
}

function Switch({ checked, disabled = false, children, onChange }: SwitchProps) {
  return (
    <label className="flex min-h-target cursor-pointer items-center gap-3 border-b border-line last:border-b-0">
      <input
        type="checkbox"
        role="switch"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.checked)}
        className="size-5 accent-ink"
      />
      {children}
    </label>
  )
}
