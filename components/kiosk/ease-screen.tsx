/** What makes this screen easier for the person in front of it: within reach, larger, read aloud, and its light. */

import ALargeSmall from 'lucide-react/icons/a-large-small'
import ArrowDownToLine from 'lucide-react/icons/arrow-down-to-line'
import type { LucideIcon } from 'lucide-react'
import Moon from 'lucide-react/icons/moon'
import Sun from 'lucide-react/icons/sun'
import Volume2 from 'lucide-react/icons/volume-2'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { classNames } from '@/components/ui/class-names'
import type { Ease, EaseChoiceView } from './kiosk-view'

const choices = [
  { name: 'low', icon: ArrowDownToLine },
  { name: 'large', icon: ALargeSmall },
  { name: 'spoken', icon: Volume2 },
] as const satisfies readonly { readonly name: keyof Ease; readonly icon: LucideIcon }[]

export interface EaseProps {
  readonly view: EaseChoiceView
  onChoose(choice: Partial<Ease>): void
  onLight(light: 'day' | 'night'): void
  onClose(): void
}

export function EaseScreen({ view, onChoose, onLight, onClose }: EaseProps) {
  const t = useTranslations('kiosk')
  const other = view.light === 'day' ? 'night' : 'day'
  const LightIcon = other === 'day' ? Sun : Moon
  return (
    <div className="arrive flex h-full flex-col gap-y-3 px-(--gutter) py-3">
      <div>
        <h1 className="text-title leading-[1.1] font-bold tracking-[-0.01em]">{t('ease.title')}</h1>
        <p className="kiosk-spare mt-1 text-mute">{t('ease.note')}</p>
      </div>
      <div className={classNames('flex flex-col gap-y-3', view.low && 'mt-auto')}>
        {choices.map(({ name, icon }) => (
          <Choice
            key={name}
            icon={icon}
            title={t(`ease.${name}`)}
            note={name === 'spoken' && !view.canSpeak ? t('ease.noVoice') : t(`ease.${name}Note`)}
            on={view[name]}
            words={{ on: t('ease.on'), off: t('ease.off') }}
            disabled={name === 'spoken' && !view.canSpeak}
            onPress={() => onChoose({ [name]: !view[name] })}
          />
        ))}
      </div>
      <div className={classNames('flex gap-x-4', !view.low && 'mt-auto')}>
        <Button
          className="flex-1"
          onClick={() => onLight(other)}
          icon={<LightIcon className="size-icon" strokeWidth={1.75} aria-hidden="true" />}
        >
          {`${t('light.label')}: ${t(`light.${other}`)}`}
        </Button>
        <Button kind="primary" className="flex-1" onClick={onClose}>
          {t('helpScreen.close')}
        </Button>
      </div>
    </div>
  )
}

interface ChoiceProps {
  readonly icon: LucideIcon
  readonly title: string
  readonly note: string
  readonly on: boolean
  readonly words: { readonly on: string; readonly off: string }
  readonly disabled: boolean
  onPress(): void
}

function Choice({ icon: Icon, title, note, on, words, disabled, onPress }: ChoiceProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={on}
      aria-label={title}
      disabled={disabled}
      onClick={onPress}
      className={classNames(
        'flex min-h-[calc(var(--target)*1.12)] w-full cursor-pointer items-center gap-x-5 rounded-card border px-6 py-2 text-left disabled:cursor-default disabled:border-dashed',
        on ? 'border-ink bg-card' : 'border-edge bg-card',
      )}
    >
      <Icon className="size-icon shrink-0" strokeWidth={1.75} aria-hidden="true" />
      <span className="min-w-0 flex-1">
        <span className="block text-lead leading-[1.2] font-bold">{title}</span>
        <span className="block text-note leading-[1.25] text-balance text-mute">{note}</span>
      </span>
      <span
        aria-hidden="true"
        className={classNames(
          'shrink-0 rounded-full border px-5 py-1 font-bold',
          on ? 'border-amber bg-amber text-on-amber' : 'border-edge text-mute',
        )}
      >
        {on ? words.on : words.off}
      </span>
    </button>
  )
}
