/** Help, languages by their own names, Stop. Stop is always seen, also where there is nothing to stop. */

import CircleQuestionMark from 'lucide-react/icons/circle-question-mark'
import OctagonX from 'lucide-react/icons/octagon-x'
import { useLocale, useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { classNames } from '@/components/ui/class-names'
import { localeNames, locales } from '@/lib/format/locale'
import type { ChromeEvents } from './kiosk-view'

export function FootBar({
  canStop,
  onHelp,
  onStop,
  onLocale,
}: { readonly canStop: boolean } & Pick<ChromeEvents, 'onHelp' | 'onStop' | 'onLocale'>) {
  const t = useTranslations('kiosk')
  const current = useLocale()
  return (
    <footer className="flex items-center gap-x-4 border-t border-line px-(--gutter) py-3.5">
      <Button
        onClick={onHelp}
        icon={<CircleQuestionMark className="size-icon" strokeWidth={1.75} aria-hidden="true" />}
      >
        {t('help')}
      </Button>
      <div role="group" aria-label={t('language')} className="flex">
        {locales.map((locale) => (
          <button
            key={locale}
            type="button"
            lang={locale}
            aria-pressed={locale === current}
            onClick={() => onLocale(locale)}
            className={classNames(
              'min-h-target min-w-target cursor-pointer border-y-[calc(var(--u)*4)] border-transparent px-4',
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
        className="ml-auto min-w-[calc(var(--u)*200)]"
        icon={<OctagonX className="size-icon" strokeWidth={1.75} aria-hidden="true" />}
      >
        {t('stop')}
      </Button>
    </footer>
  )
}
