/** Puts the view of the present moment on the glass. */

import { useMemo, useState, useSyncExternalStore, type ReactNode } from 'react'
import type { CameraSource } from '@/components/camera/camera-source'
import { AskAgainScreen, ShownAgainScreen } from '@/components/kiosk/again-screens'
import { EaseScreen } from '@/components/kiosk/ease-screen'
import { HelpScreen } from '@/components/kiosk/help-screen'
import { KioskFrame } from '@/components/kiosk/kiosk-frame'
import type { EaseView } from '@/components/kiosk/kiosk-view'
import { LostScreen } from '@/components/kiosk/lost-screen'
import { MoreTimeDialog } from '@/components/kiosk/more-time-dialog'
import { NewsScreen } from '@/components/kiosk/news-screen'
import { RefusedScreen } from '@/components/kiosk/refused-stage'
import { StopEntryScreen } from '@/components/kiosk/stop-entry-screen'
import { TechnicianChallengeScreen } from '@/components/kiosk/technician-challenge-screen'
import { TechnicianScreen } from '@/components/kiosk/technician-screen'
import { Messages } from '@/components/ui/messages'
import { de } from '@/lib/format/messages/de'
import { en } from '@/lib/format/messages/en'
import type { ScreenConnector, ScreenState } from '../screen-protocol'
import { lightAt, localHour } from './daylight'
import { KioskCamera } from './kiosk-camera'
import { PhaseScreen } from './phase-screen'
import { promptOf } from './prompt'
import { connectorOf } from './screen-mind'
import type { ScreenEvent, ScreenModel } from './screen-model'
import type { ScreenStore } from './screen-store'
import { SpokenPrompts } from './spoken-prompts'
import { chromeView, newsView, stopEntryView } from './views'
import type { Voice } from './voice'

const words = { en, de } as const

interface Glass {
  readonly model: ScreenModel
  readonly camera: ReactNode
  readonly voice: Voice
  dispatch(event: ScreenEvent): void
}

export interface ScreenAppProps {
  readonly store: ScreenStore
  readonly source: CameraSource
  readonly voice: Voice
}

export function ScreenApp({ store, source, voice }: ScreenAppProps) {
  const model = useSyncExternalStore(store.subscribe, store.getSnapshot)
  const connector = connectorOf(model)
  const camera = useMemo(
    () => (
      <KioskCamera
        source={source}
        onText={(text) => store.dispatch({ kind: 'scanned', text })}
        onProblem={(code) => store.dispatch({ kind: 'camera-problem', code })}
      />
    ),
    [store, source],
  )
  const glass: Glass = { model, camera, voice, dispatch: store.dispatch }
  return (
    <Messages locale={model.locale} messages={words[model.locale]}>
      {model.link !== 'live' || model.state === null || connector === null ? (
        <LostScreen
          view={{
            kind: model.state === null ? 'connecting' : 'lost',
            supportPhone: model.state?.supportPhone ?? null,
          }}
        />
      ) : (
        <LiveScreen glass={glass} state={model.state} connector={connector} />
      )}
    </Messages>
  )
}

interface LiveProps {
  readonly glass: Glass
  readonly state: ScreenState
  readonly connector: ScreenConnector
}

function LiveScreen({ glass, state, connector }: LiveProps) {
  const { model, voice, dispatch } = glass
  const [asked, setAsked] = useState(0)
  const ease = easeView(glass)
  return (
    <KioskFrame
      view={chromeView(state, connector, ease)}
      onHelp={() => dispatch({ kind: 'help' })}
      onEase={() => dispatch({ kind: 'ease' })}
      onSayAgain={() => setAsked((count) => count + 1)}
      onStop={() => dispatch({ kind: 'stop' })}
      onLocale={(locale) => dispatch({ kind: 'locale', locale })}
      onBay={(connectorId) => dispatch({ kind: 'bay', connectorId })}
      dialog={
        model.idle.kind === 'ask' ? (
          <MoreTimeDialog
            secondsLeft={model.idle.secondsLeft}
            onMore={() => dispatch({ kind: 'touched' })}
            onLeave={() => dispatch({ kind: 'leave' })}
          />
        ) : null
      }
    >
      <Body glass={glass} state={state} connector={connector} />
      {ease.spoken && ease.canSpeak ? (
        <SpokenPrompts prompt={promptOf(model)} voice={voice} asked={asked} />
      ) : null}
    </KioskFrame>
  )
}

const easeView = ({ model, voice }: Glass): EaseView => ({
  ...model.ease,
  canSpeak: voice.speaks(model.locale),
})

function Body({ glass, state, connector }: LiveProps) {
  const { model, camera, dispatch } = glass
  const { overlay } = model
  const close = (): void => dispatch({ kind: 'close' })
  switch (overlay.kind) {
    case 'none':
      return (
        <PhaseScreen
          state={state}
          connector={connector}
          camera={camera}
          cameraProblem={model.cameraProblem?.code ?? null}
          parts={model.parts}
          onDone={() => dispatch({ kind: 'done' })}
        />
      )
    case 'help':
      return (
        <HelpScreen
          view={{ supportPhone: state.supportPhone, chargerId: state.chargerId }}
          onReceiptAgain={() => dispatch({ kind: 'ask-again' })}
          onTechnician={state.technician === undefined ? null : () => dispatch({ kind: 'technician' })}
          onClose={close}
        />
      )
    case 'ease':
      return (
        <EaseScreen
          view={{ ...easeView(glass), light: lightAt(model.light, localHour(state.nowS)) }}
          onChoose={(choice) => dispatch({ kind: 'eased', choice })}
          onLight={(light) => dispatch({ kind: 'light', light })}
          onClose={close}
        />
      )
    case 'ask-again':
      return <AskAgainScreen camera={camera} onClose={close} />
    case 'shown-again':
      return <ShownAgainScreen view={overlay} onClose={close} />
    case 'stop-entry':
      return (
        <StopEntryScreen
          view={stopEntryView(overlay, connector.phase)}
          camera={camera}
          onDigit={(digit) => dispatch({ kind: 'digit', digit })}
          onErase={() => dispatch({ kind: 'erase' })}
          onConfirm={() => dispatch({ kind: 'confirm-stop' })}
          onClose={close}
        />
      )
    case 'news':
      return <NewsScreen view={newsView(overlay.pieces)} camera={camera} onClose={close} />
    case 'technician':
      return <TechnicianBody glass={glass} state={state} />
    case 'refused':
      return <RefusedScreen view={{ refusal: overlay.refusal, answerCode: null }} onAgain={close} />
  }
}

function TechnicianBody({ glass, state: { technician } }: Pick<LiveProps, 'glass' | 'state'>) {
  const { camera, dispatch } = glass
  if (technician?.kind === 'open') {
    return <TechnicianScreen view={technician} onAct={(act) => dispatch({ kind: 'technician-act', act })} />
  }
  return (
    <TechnicianChallengeScreen
      view={technician?.kind === 'asking' ? technician : null}
      camera={camera}
      onClose={() => dispatch({ kind: 'close' })}
    />
  )
}
