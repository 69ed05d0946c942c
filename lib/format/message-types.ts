/** Makes message keys part of the type system: a key that English does not have fails the type check. */

import type {} from 'use-intl'
import type { Locale } from './locale'
import type { en } from './messages/en'

export type Messages = typeof en

declare module 'use-intl' {
  interface AppConfig {
    Locale: Locale
    Messages: Messages
  }
}
