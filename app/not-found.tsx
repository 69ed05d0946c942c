/** For an address that leads nowhere: drawn at build time, without a script, in both languages. */

import type { Metadata } from 'next'
import { buttonClass } from '@/components/ui/button'
import { Mark } from '@/components/ui/mark'
import { de } from '@/lib/format/messages/de'
import { en } from '@/lib/format/messages/en'

export const metadata: Metadata = { title: en.missingPage.title }

export default function MissingPage() {
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-phone flex-col px-5 py-6">
      <Mark />
      <Words lang="en" words={en.missingPage} />
      <Words lang="de" words={de.missingPage} />
    </div>
  )
}

function Words({ lang, words }: { readonly lang: 'en' | 'de'; readonly words: typeof en.missingPage }) {
  return (
    <main lang={lang} data-only={lang} className="flex flex-1 flex-col justify-center gap-4">
      <h1 className="text-title">{words.title}</h1>
      <p className="text-lead">{words.text}</p>
      {/* A whole load, not a soft step: this page may stand for an app whose scripts are gone. */}
      <a href="/" className={`${buttonClass('primary', true)} mt-4 no-underline`}>
        {words.home}
      </a>
    </main>
  )
}
