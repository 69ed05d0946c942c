/** Credit has come: how much, what about it, and on from here. The end of topping up, of paying as a guest, of joining a fleet. */

import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Figure, type FigureProps } from '@/components/ui/figure'
import { Screen } from './screen'

export interface CreditArrivedProps {
  readonly title: string
  readonly figure: FigureProps
  /** What to do with it next. */
  readonly children: ReactNode
  onDone(): void
  onBack(): void
}

export function CreditArrived({ title, figure, children, onDone, onBack }: CreditArrivedProps) {
  const common = useTranslations('common')
  return (
    <Screen
      title={title}
      onBack={onBack}
      foot={
        <Button kind="primary" wide onClick={onDone}>
          {common('continue')}
        </Button>
      }
    >
      <Figure {...figure} />
      {children}
    </Screen>
  )
}
