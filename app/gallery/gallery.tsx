'use client'

/** The index shows each state in a frame of its own, so that its media queries and heights are those of a device. */

import { useLayoutEffect, useSyncExternalStore } from 'react'
import { Choice } from '@/components/ui/choice'
import type { GalleryState } from '@/components/ui/gallery-state'
import { Messages } from '@/components/ui/messages'
import { localeNames, parseLocale, type Locale } from '@/lib/format/locale'
import { de } from '@/lib/format/messages/de'
import { en } from '@/lib/format/messages/en'
import { galleryGroups } from './registry'

/** Light and contrast, by the name that stands in the address. */
const themes = {
  day: { light: 'day', contrast: undefined, label: 'Day' },
  night: { light: 'night', contrast: undefined, label: 'Night' },
  'day-contrast': { light: 'day', contrast: 'more', label: 'Day, more contrast' },
  'night-contrast': { light: 'night', contrast: 'more', label: 'Night, more contrast' },
} as const
type Theme = keyof typeof themes
const isTheme = (name: string): name is Theme => Object.hasOwn(themes, name)

interface Query {
  readonly state: GalleryState | undefined
  readonly theme: Theme
  readonly locale: Locale
}

const words = { en, de } as const
const states = new Map(galleryGroups.flatMap((group) => group.states).map((state) => [state.id, state]))
const sizes = { phone: [390, 844], kiosk: [1280, 800], desktop: [1280, 900] } as const

const changed = 'gallery-query'

function subscribe(onChange: () => void): () => void {
  window.addEventListener('popstate', onChange)
  window.addEventListener(changed, onChange)
  return () => {
    window.removeEventListener('popstate', onChange)
    window.removeEventListener(changed, onChange)
  }
}

function parseQuery(search: string): Query {
  const params = new URLSearchParams(search)
  const theme = params.get('theme') ?? ''
  return {
    state: states.get(params.get('state') ?? ''),
    theme: isTheme(theme) ? theme : 'day',
    locale: parseLocale(params.get('lang')) ?? 'en',
  }
}

const href = (query: { state?: string; theme: Theme; locale: Locale }): string => {
  const params = new URLSearchParams({ theme: query.theme, lang: query.locale })
  if (query.state !== undefined) params.set('state', query.state)
  return `/gallery?${params}`
}

function go(query: { theme: Theme; locale: Locale }): void {
  history.replaceState(null, '', href(query))
  window.dispatchEvent(new Event(changed))
}

export function Gallery() {
  const search = useSyncExternalStore(
    subscribe,
    () => location.search,
    () => null,
  )
  // The server does not know the query; drawing the index first would load every frame of it for nothing.
  if (search === null) return null
  const query = parseQuery(search)
  return query.state === undefined ? <Index {...query} /> : <One {...query} state={query.state} />
}

function One({ state, theme, locale }: Query & { readonly state: GalleryState }) {
  useDocument(theme, locale, state.frame)
  return (
    <Messages locale={locale} messages={words[locale]} timeZone="Europe/Berlin">
      {/* What was opened in one state must not stay open in the next. */}
      <div key={state.id} data-gallery-state={state.id} className="contents">
        {state.render()}
      </div>
    </Messages>
  )
}

/** Dialogs and the page's ground hang on the document, not on our root. */
function useDocument(theme: Theme, locale: Locale, frame: GalleryState['frame'] | undefined): void {
  useLayoutEffect(() => {
    const root = document.documentElement
    const { light, contrast } = themes[theme]
    root.dataset['theme'] = light
    if (contrast === undefined) delete root.dataset['contrast']
    else root.dataset['contrast'] = contrast
    root.lang = locale
    if (frame === 'kiosk') root.dataset['surface'] = 'kiosk'
    else delete root.dataset['surface']
  }, [theme, locale, frame])
}

function Index({ theme, locale }: Query) {
  useDocument(theme, locale, undefined)
  return (
    <div className="mx-auto max-w-[110rem] px-6 py-8">
      <header className="mb-10 flex flex-wrap items-end justify-between gap-6">
        <div>
          <h1 className="text-title">Gallery</h1>
          <p className="text-mute">{states.size} states, drawn from fixtures</p>
        </div>
        <div className="flex flex-wrap gap-6">
          <Choice
            legend="Language"
            options={(['en', 'de'] as const).map((value) => ({
              value,
              label: localeNames[value],
              lang: value,
            }))}
            value={locale}
            onChange={(next) => go({ theme, locale: next })}
          />
          <Choice
            legend="Light"
            options={(Object.keys(themes) as Theme[]).map((value) => ({
              value,
              label: themes[value].label,
            }))}
            value={theme}
            onChange={(next) => go({ theme: next, locale })}
          />
        </div>
      </header>
      {galleryGroups.map((group) => (
        <section key={group.title} className="mb-14">
          <h2 className="mb-4 text-lead">{group.title}</h2>
          <ul className="flex flex-wrap gap-x-6 gap-y-8">
            {group.states.map((state) => (
              <li key={state.id}>
                <Frame state={state} address={href({ state: state.id, theme, locale })} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

const scale = 0.6

function Frame({ state, address }: { readonly state: GalleryState; readonly address: string }) {
  const [width, height] = sizes[state.frame]
  return (
    <figure style={{ width: width * scale }}>
      <figcaption className="mb-2 flex min-h-12 items-end">
        <a
          href={address}
          data-frame={state.frame}
          className="underline decoration-line underline-offset-4 hover:decoration-ink"
        >
          {state.title}
        </a>
      </figcaption>
      <div
        className="overflow-hidden rounded-card border border-line"
        style={{ width: width * scale, height: height * scale }}
      >
        <iframe
          title={state.title}
          src={address}
          loading="lazy"
          tabIndex={-1}
          style={{ width, height, transform: `scale(${scale})`, transformOrigin: '0 0', border: 0 }}
        />
      </div>
    </figure>
  )
}
