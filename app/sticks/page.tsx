/** `/sticks`: anybody with a browser hands in what a charger put onto a stick, and takes the answers back to it. */

import type { Metadata } from 'next'
import { SticksPage } from './sticks-page'

export const metadata: Metadata = {
  title: 'Hand in a stick',
  description: 'Brings the sealed log of a charger from a USB stick to its operator, and the answers back.',
  icons: { icon: [{ url: '/icons/outpost.svg', type: 'image/svg+xml' }] },
}

export default function Sticks() {
  return <SticksPage />
}
