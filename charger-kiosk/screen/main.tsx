/** Wires the screen: socket, store, clock, sound, light, glass. */

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import type { Timers } from '@/lib/core/clock'
import { chooseLocale, parseLocale } from '@/lib/format/locale'
import { controllerLink } from './controller-link'
import { lightAt, localHour } from './daylight'
import { keyEvent } from './keys'
import { kioskCameraSource } from './kiosk-camera-source'
import { ScreenApp } from './screen-app'
import type { ScreenSettings } from './screen-model'
import { screenStore } from './screen-store'
import './screen.css'
import { tonePlayer } from './tones'
import { browserVoice } from './voice'

const timers: Timers = {
  every: (periodMs, run) => {
    const timer = setInterval(run, periodMs)
    return () => clearInterval(timer)
  },
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

function settings(): ScreenSettings {
  const asked = new URLSearchParams(location.search)
  const light = asked.get('light')
  return {
    locale: parseLocale(asked.get('lang')) ?? chooseLocale(null, navigator.languages),
    light: light === 'day' || light === 'night' ? light : null,
  }
}

const play = tonePlayer()
const store = screenStore(settings(), {
  nowMs: () => performance.now(),
  send: (message) => void link.send(message),
  play: (tone, model) => play(tone, lightAt(model.light, localHour(model.state?.nowS))),
})
const socketUrl = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/screen`
const link = controllerLink({
  open: ({ onMessage, onClose }) => {
    const socket = new WebSocket(socketUrl)
    socket.onmessage = (event) => onMessage(event.data)
    socket.onclose = onClose
    return socket
  },
  timers,
  onLink: (state) => store.dispatch({ kind: 'link', link: state }),
  onMessage: (message) => store.dispatch({ kind: 'said', message }),
})

// Voices become known a moment after the page; the next tick shows them.
const voice = browserVoice(globalThis.speechSynthesis, () => store.dispatch({ kind: 'tick' }))
setInterval(() => store.dispatch({ kind: 'tick' }), 1_000)
for (const touch of ['pointerdown', 'keydown'] as const) {
  addEventListener(touch, () => store.dispatch({ kind: 'touched' }), { capture: true, passive: true })
}
// A keyboard or an outdoor keypad does what a touch does.
addEventListener('keydown', ({ key, altKey, ctrlKey, metaKey }) => {
  const event = altKey || ctrlKey || metaKey ? undefined : keyEvent(store.getSnapshot(), key)
  if (event !== undefined) store.dispatch(event)
})
// A kiosk has no use for the menus that a long press or a second finger opens.
addEventListener('contextmenu', (event) => event.preventDefault())

/** Light and language stand on the document, where the theme and assistive technology look for them. */
function dress(): void {
  const { light, locale, state } = store.getSnapshot()
  document.documentElement.dataset['theme'] = lightAt(light, localHour(state?.nowS))
  document.documentElement.lang = locale
}
store.subscribe(dress)
dress()

const demoPageOrigins = (): readonly string[] => store.getSnapshot().state?.demoPageOrigins ?? []
if (__OUTPOST_DEMO__) {
  const stop = store.subscribe(() => {
    if (store.getSnapshot().state === null) return
    stop()
    void import('./demo-mode').then(({ publishToDemoPage }) => publishToDemoPage(demoPageOrigins()))
  })
}

const glass = document.getElementById('glass')
if (glass !== null) {
  createRoot(glass).render(
    <StrictMode>
      <ScreenApp store={store} source={kioskCameraSource(demoPageOrigins)} voice={voice} />
    </StrictMode>,
  )
}
