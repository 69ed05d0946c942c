/** Every state of every screen: `?state=home-offline&theme=night&lang=de` shows one of them alone. */

import type { Metadata } from 'next'
import { Gallery } from './gallery'

export const metadata: Metadata = { title: 'Gallery', robots: { index: false } }

export default function GalleryPage() {
  return <Gallery />
}
