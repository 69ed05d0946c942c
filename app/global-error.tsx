'use client'

/** When even the frame around all pages broke. */

import { buttonClass } from '@/components/ui/button'
import './globals.css'

/** Every page carries this one along, and must not carry all words of the product with it: these few stand here. */
const words = {
  en: {
    title: 'Something broke',
    text: 'The page could not be shown. No money moved by that.',
    again: 'Load again',
  },
  de: {
    title: 'Etwas ist kaputtgegangen',
    text: 'Die Seite konnte nicht angezeigt werden. Dadurch wurde kein Geld bewegt.',
    again: 'Neu laden',
  },
} as const

export default function BrokenPage() {
  return (
    <html lang="en">
      <body>
        {(['en', 'de'] as const).map((lang) => (
          <main
            key={lang}
            lang={lang}
            className="mx-auto flex w-full max-w-phone flex-col gap-4 px-5 py-10 text-ink"
          >
            <h1 className="text-title">{words[lang].title}</h1>
            <p className="text-lead">{words[lang].text}</p>
            <button
              type="button"
              className={buttonClass('primary', true)}
              onClick={() => window.location.reload()}
            >
              {words[lang].again}
            </button>
          </main>
        ))}
      </body>
    </html>
  )
}
