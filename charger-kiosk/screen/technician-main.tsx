/** Technician mode at a laptop on the charger's network: asks for the state once a second, and sends what is done. */

import { StrictMode, useSyncExternalStore } from 'react'
import { createRoot } from 'react-dom/client'
import { TechnicianDoorScreen } from '@/components/kiosk/technician-door-screen'
import { TechnicianScreen } from '@/components/kiosk/technician-screen'
import { Messages } from '@/components/ui/messages'
import { chooseLocale } from '@/lib/format/locale'
import { de } from '@/lib/format/messages/de'
import { en } from '@/lib/format/messages/en'
import './screen.css'
import { laptopStore } from './technician-store'

const words = { en, de } as const
const locale = chooseLocale(null, navigator.languages)

const store = laptopStore({
  ask: async (path, body) => {
    const response = await fetch(`/technician/api/${path}`, {
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(90_000),
      ...(body === undefined
        ? {}
        : {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          }),
    })
    return { status: response.status, body: (await response.json().catch(() => undefined)) as unknown }
  },
})

function Laptop() {
  const { report, problem } = useSyncExternalStore(store.subscribe, store.getSnapshot)
  return (
    <Messages locale={locale} messages={words[locale]}>
      {report === null ? (
        <TechnicianDoorScreen
          view={{ host: location.host, problem }}
          onEnter={(password) => void store.enter(password)}
        />
      ) : (
        <div className="kiosk-frame technician-desk">
          <div className="kiosk-ground">
            <header className="flex items-center border-b border-line px-(--gutter) py-2">
              <strong className="text-lead">{report.chargerId}</strong>
            </header>
            <main className="kiosk-letters min-h-0">
              <TechnicianScreen
                view={report}
                bundleHref="/technician/api/bundle"
                onAct={(act) => void store.act(act)}
              />
            </main>
          </div>
        </div>
      )}
    </Messages>
  )
}

document.documentElement.lang = locale
document.documentElement.dataset['theme'] = matchMedia('(prefers-color-scheme: dark)').matches
  ? 'night'
  : 'day'
void store.look()
setInterval(() => void store.look(), 1_000)

const glass = document.getElementById('glass')
if (glass !== null) {
  createRoot(glass).render(
    <StrictMode>
      <Laptop />
    </StrictMode>,
  )
}
