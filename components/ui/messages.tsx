/** Words and time zone for everything below. Knows no languages itself: the caller brings them. */

import type { ReactNode } from 'react'
import { IntlProvider } from 'use-intl/react'
import type { Locale, Messages as Words } from 'use-intl'

export interface MessagesProps {
  readonly locale: Locale
  readonly messages: Words
  /** IANA name; the device's own when left out. */
  readonly timeZone?: string | undefined
  readonly children: ReactNode
}

export function Messages({ locale, messages, timeZone, children }: MessagesProps) {
  return (
    <IntlProvider
      locale={locale}
      messages={messages}
      timeZone={timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone}
    >
      {children}
    </IntlProvider>
  )
}
