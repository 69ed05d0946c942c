/** One visual state of one screen, as the gallery and the accessibility and screenshot tests walk it. */

import type { ReactNode } from 'react'

export interface GalleryState {
  /** Unique, kebab-case, starting with the screen: `home-offline`. Stands in the URL as `?state=`. */
  readonly id: string
  readonly title: string
  readonly frame: 'phone' | 'kiosk' | 'desktop'
  /** A whole screen: it fills the page, within the `Messages` provider of the language asked for. */
  render(): ReactNode
}
