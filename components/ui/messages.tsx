/** Words and time zone for everything below. Knows no languages itself: the caller brings them. */

import type { ReactNode } from 'react'
import { IntlProvider } from 'use-intl/react'
import type { IntlConfig, Locale } from 'use-intl'

export interface MessagesProps {
  readonly locale: Locale
  /** The namespaces that are needed below; a page need not carry the words of the others. */
  readonly messages: IntlConfig['messages']
  /** IANA name; the device's own when left out. */
  readonly timeZone?: string | undefined
  readonly children: ReactNode
}

export function Messages({ locale, messages, timeZone, children }: MessagesProps) {
  return (
    <IntlProvider locale={locale} messages={messages} {...(timeZone === undefined ? {} : { timeZone })}>
      {children}
    </IntlProvider>
  )
}
