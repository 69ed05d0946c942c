/** First run, screen three: keep the app on the home screen, so that it opens without signal. */

import Check from 'lucide-react/icons/check'
import EllipsisVertical from 'lucide-react/icons/ellipsis-vertical'
import Share from 'lucide-react/icons/share'
import SquarePlus from 'lucide-react/icons/square-plus'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Screen } from './screen'
export interface InstallView {
  /** `prompt`: the browser can ask. `ios`: show Share → Add to Home Screen. `menu`: the browser's own menu has it. */
  readonly way: 'prompt' | 'ios' | 'menu'
  /** Before the account is made or opened. */
  readonly isFirst: boolean
}

export interface InstallProps {
  view: InstallView
  onInstall(): void
  onLater(): void
}

export function InstallScreen({ view, onInstall, onLater }: InstallProps) {
  const t = useTranslations('driver.install')
  return (
    <Screen
      title={t('title')}
      onBack={null}
      foot={
        view.way === 'prompt' ? (
          <>
            <Button kind="primary" wide onClick={onInstall}>
              {t('install')}
            </Button>
            <Button kind="quiet" wide onClick={onLater}>
              {t('later')}
            </Button>
          </>
        ) : (
          <Button kind={view.isFirst ? 'secondary' : 'primary'} wide onClick={onLater}>
            {t(view.isFirst ? 'notNow' : 'understood')}
          </Button>
        )
      }
    >
      <p className="text-lead">{t(view.isFirst ? 'leadFirst' : 'lead')}</p>
      {view.way === 'prompt' ? null : <Ways way={view.way} />}
      <p className="text-note text-mute">{t('size')}</p>
    </Screen>
  )
}

/** No browser tells us where its menu stands today, so the words name the picture to look for. */
function Ways({ way }: { readonly way: 'ios' | 'menu' }) {
  const t = useTranslations('driver.install')
  const steps =
    way === 'ios'
      ? [
          { Icon: Share, text: t('iosShare') },
          { Icon: SquarePlus, text: t('iosAdd') },
          { Icon: Check, text: t('iosConfirm') },
        ]
      : [
          { Icon: EllipsisVertical, text: t('menuOpen') },
          { Icon: SquarePlus, text: t('menuAdd') },
        ]
  return (
    <ol className="flex flex-col divide-y divide-line border-y border-line">
      {steps.map(({ Icon, text }, index) => (
        <li key={text} className="flex min-h-16 items-center gap-4 py-3">
          <span className="w-4 shrink-0 font-bold tabular">{index + 1}</span>
          <span className="flex size-11 shrink-0 items-center justify-center rounded-inner border border-line bg-card">
            <Icon className="size-6" strokeWidth={1.75} aria-hidden="true" />
          </span>
          <span className="min-w-0">{text}</span>
        </li>
      ))}
    </ol>
  )
}
