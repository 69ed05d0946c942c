/** Help, what makes the screen easier, languages by their own names, Stop. Stop is always seen, also with nothing to stop. */

import Accessibility from 'lucide-react/icons/accessibility'
import CircleQuestionMark from 'lucide-react/icons/circle-question-mark'
import OctagonX from 'lucide-react/icons/octagon-x'
import Volume2 from 'lucide-react/icons/volume-2'
import { useLocale, useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { classNames } from '@/components/ui/class-names'
import { localeNames, locales } from '@/lib/format/locale'
import type { ChromeEvents, ChromeView } from './kiosk-view'

export function FootBar({
  view: { canStop, ease },
  onHelp,
  onEase,
  onSayAgain,
  onStop,
  onLocale,
}: { readonly view: Pick<ChromeView, 'canStop' | 'ease'> } & Omit<ChromeEvents, 'onBay'>) {
  const t = useTranslations('kiosk')
  const current = useLocale()
  const isEased = ease.low || ease.large || ease.spoken
  return (
    <footer className="flex items-center gap-x-3 border-t border-line px-(--gutter) py-2.5">
      <Button
        onClick={onHelp}
        icon={<CircleQuestionMark className="kiosk-across size-icon" strokeWidth={1.75} aria-hidden="true" />}
        className="px-5"
      >
        {t('help')}
      </Button>
      <IconButton
        label={t('ease.title')}
        onPress={onEase}
        className={isEased ? 'border-ink bg-ink text-paper' : 'border-edge bg-card text-ink'}
      >
        <Accessibility className="size-icon" strokeWidth={1.75} aria-hidden="true" />
      </IconButton>
      {ease.spoken && ease.canSpeak ? (
        <IconButton label={t('ease.sayAgain')} onPress={onSayAgain} className="border-edge bg-card text-ink">
          <Volume2 className="size-icon" strokeWidth={1.75} aria-hidden="true" />
        </IconButton>
      ) : null}
      <div role="group" aria-label={t('language')} className="flex">
        {locales.map((locale) => (
          <button
            key={locale}
            type="button"
            lang={locale}
            aria-pressed={locale === current}
            onClick={() => onLocale(locale)}
            className={classNames(
              'min-h-target min-w-target cursor-pointer border-y-[calc(var(--u)*4)] border-transparent px-2.5',
              locale === current ? 'border-b-amber font-bold text-ink' : 'text-mute',
            )}
          >
            {localeNames[locale]}
          </button>
        ))}
      </div>
      <Button
        kind={canStop ? 'destructive' : 'secondary'}
        disabled={!canStop}
        onClick={onStop}
        className="ml-auto min-w-[calc(var(--u)*160)] px-5"
        icon={<OctagonX className="kiosk-across size-icon" strokeWidth={1.75} aria-hidden="true" />}
      >
        {t('stop')}
      </Button>
    </footer>
  )
}

interface IconButtonProps {
  readonly label: string
  readonly className: string
  readonly children: React.ReactNode
  onPress(): void
}

function IconButton({ label, className, children, onPress }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      onClick={onPress}
      className={classNames(
        'inline-flex min-h-target min-w-target cursor-pointer items-center justify-center rounded-card border',
        className,
      )}
    >
      {children}
    </button>
  )
}
