/** The screen's whole behaviour as one pure function: what happened and when → what to show and what to do. */

import { limits } from '@/lib/core/limits'
import { unreachable } from '@/lib/core/assert'
import type { Refusal } from '@/lib/core/reason'
import { kioskStates } from '@/components/kiosk/kiosk-states'
import type { ScreenConnector, ScreenState, ToScreen } from '../screen-protocol'
import type { TechnicianAct } from '../screen-protocol-technician'
import { idleVerdict, type Attendance } from './idle'
import {
  noEase,
  noOverlay,
  type Overlay,
  type ScreenEffect,
  type ScreenEvent,
  type ScreenModel,
  type ScreenStep,
  type StopEntryEvent,
} from './screen-model'

/** A camera may be plugged in again; looking for it more often would only make the screen flicker. */
const cameraRetryMs = 30_000
const stopCodeDigits = 6
/** A phone shows all its pieces in a few seconds; what stays unfinished for so long was taken away. */
const partsMs = 15_000

export function step(model: ScreenModel, event: ScreenEvent, nowMs: number): ScreenStep {
  switch (event.kind) {
    case 'link':
      // Before the first state there is nothing to have lost.
      return only({
        ...model,
        link: event.link === 'lost' && model.state === null ? 'connecting' : event.link,
      })
    case 'said':
      return said(model, event.message, nowMs)
    case 'tick':
      return tick(model, nowMs)
    case 'touched':
      return touched({ ...model, touchedMs: nowMs, idle: { kind: 'none' } }, nowMs)
    case 'scanned':
      return scanned(model, event.text, nowMs)
    case 'camera-problem':
      return only({ ...model, cameraProblem: { code: event.code, sinceMs: nowMs } })
    case 'leave':
      return leave(model, nowMs)
    case 'done':
      return { model: { ...model, overlay: noOverlay }, effects: dismissal(model) }
    case 'digit':
    case 'erase':
    case 'stop':
    case 'confirm-stop':
      return stopEntry(model, event)
    case 'help':
    case 'ease':
    case 'ask-again':
      return only({ ...model, overlay: { kind: event.kind } })
    case 'close':
      return closed(model, nowMs)
    case 'technician':
      return {
        model: { ...model, overlay: { kind: 'technician', stayedMs: nowMs } },
        effects: isTechnicianIn(model) ? [] : [technicianAct({ kind: 'ask' })],
      }
    case 'technician-act':
      return { model, effects: [technicianAct(event.act)] }
    case 'eased':
      return only({ ...model, ease: { ...model.ease, ...event.choice } })
    case 'locale':
      return only({ ...model, locale: event.locale })
    case 'light':
      return only({ ...model, light: event.light })
    case 'bay':
      return only({ ...model, connectorId: event.connectorId, overlay: resting(model, nowMs) })
    default:
      return unreachable(event)
  }
}

/** The bay on the glass, or null before the first state. */
export const connectorOf = (model: ScreenModel): ScreenConnector | null =>
  model.state?.connectors.find((connector) => connector.connectorId === model.connectorId) ??
  model.state?.connectors[0] ??
  null

const only = (model: ScreenModel): ScreenStep => ({ model, effects: [] })

function said(model: ScreenModel, message: ToScreen, nowMs: number): ScreenStep {
  switch (message.type) {
    case 'state':
      return only(withState(model, message.state, nowMs))
    case 'shown-again':
      return only({
        ...model,
        connectorId: message.connectorId,
        touchedMs: nowMs,
        parts: null,
        overlay: { kind: 'shown-again', what: message.what, code: message.code },
      })
    case 'news':
      return {
        model: {
          ...model,
          connectorId: message.connectorId,
          touchedMs: nowMs,
          parts: null,
          overlay: { kind: 'news', pieces: message.pieces },
        },
        effects: [{ kind: 'tone', tone: 'accepted' }],
      }
    case 'parts': {
      const { connectorId, have, need } = message
      return only({ ...model, connectorId, touchedMs: nowMs, parts: { have, need, sinceMs: nowMs } })
    }
    case 'feedback': {
      const effects: readonly ScreenEffect[] = [{ kind: 'tone', tone: message.outcome }]
      const heard: ScreenModel = { ...model, parts: null, touchedMs: nowMs }
      return {
        model: message.outcome === 'refused' ? withRefusal(heard, message.refusal) : heard,
        effects,
      }
    }
    default:
      return unreachable(message)
  }
}

/** A refusal is shown once: by the keypad, by the offer (the controller's state has it), or on its own. */
function withRefusal(model: ScreenModel, refusal: Refusal): ScreenModel {
  if (model.overlay.kind === 'stop-entry') {
    return { ...model, overlay: { kind: 'stop-entry', digits: '', refusal } }
  }
  // The controller's state says it beside its question.
  if (model.overlay.kind === 'technician') return model
  const isClear = model.overlay.kind === 'none' || model.overlay.kind === 'news'
  if (connectorOf(model)?.phase.kind === 'offering' && isClear) return { ...model, overlay: noOverlay }
  return { ...model, overlay: { kind: 'refused', refusal } }
}

function withState(model: ScreenModel, state: ScreenState, nowMs: number): ScreenModel {
  const before = connectorOf(model)
  const connectorId = bayToShow(model, state)
  const next = withTechnician({ ...model, link: 'live', state, connectorId }, model, nowMs)
  const after = connectorOf(next)
  if (before?.connectorId === after?.connectorId && before?.phase.kind === after?.phase.kind) return next
  // Something happened at this bay: that is what people want to see, and somebody is probably there.
  const kind = after?.phase.kind
  const keepsOverlay =
    next.overlay.kind === 'technician' ||
    ((next.overlay.kind === 'help' || next.overlay.kind === 'ease') && kind !== 'starting') ||
    (next.overlay.kind === 'stop-entry' && kind !== undefined && kioskStates[kind].stoppable)
  return {
    ...next,
    touchedMs: nowMs,
    idle: { kind: 'none' },
    overlay: keepsOverlay ? next.overlay : noOverlay,
  }
}

/** The plug chooses: a bay at which something has just begun or ended comes to the front. */
function bayToShow(model: ScreenModel, state: ScreenState): number | null {
  const begun = state.connectors.find((connector) => {
    const kind = connector.phase.kind
    if (kind !== 'offering' && kind !== 'starting' && kind !== 'finished') return false
    const earlier = model.state?.connectors.find((other) => other.connectorId === connector.connectorId)
    return earlier?.phase.kind !== kind
  })
  if (begun !== undefined) return begun.connectorId
  const current = state.connectors.find((connector) => connector.connectorId === model.connectorId)
  const running = state.connectors.find((connector) => kioskStates[connector.phase.kind].running)
  return (current ?? running ?? state.connectors[0])?.connectorId ?? null
}

function scanned(model: ScreenModel, text: string, nowMs: number): ScreenStep {
  const connector = connectorOf(model)
  const touched: ScreenModel = { ...model, touchedMs: nowMs, idle: { kind: 'none' } }
  if (connector === null || text.length > limits.scannedTextCharsMax) return only(touched)
  return {
    model: touched,
    effects: [{ kind: 'send', message: { type: 'scanned', connectorId: connector.connectorId, text } }],
  }
}

function stopEntry(model: ScreenModel, event: StopEntryEvent): ScreenStep {
  const connector = connectorOf(model)
  if (connector === null || !kioskStates[connector.phase.kind].stoppable) return only(model)
  if (event.kind === 'stop') {
    if (model.overlay.kind === 'stop-entry') return only(model)
    return only({ ...model, overlay: { kind: 'stop-entry', digits: '', refusal: null } })
  }
  if (event.kind === 'digit' && model.overlay.kind === 'none') {
    // Typed on a keyboard: the first digit opens the keypad.
    return stopEntry({ ...model, overlay: { kind: 'stop-entry', digits: '', refusal: null } }, event)
  }
  if (model.overlay.kind !== 'stop-entry') return only(model)
  const { digits } = model.overlay
  switch (event.kind) {
    case 'digit': {
      const typed =
        digits.length < stopCodeDigits && /^[0-9]$/.test(event.digit) ? digits + event.digit : digits
      return only({ ...model, overlay: { kind: 'stop-entry', digits: typed, refusal: null } })
    }
    case 'erase':
      return only({ ...model, overlay: { ...model.overlay, digits: digits.slice(0, -1) } })
    case 'confirm-stop': {
      if (digits.length !== stopCodeDigits) return only(model)
      return {
        model: { ...model, overlay: { kind: 'stop-entry', digits: '', refusal: null } },
        effects: [
          {
            kind: 'send',
            message: { type: 'stop', connectorId: connector.connectorId, stopCode: digits },
          },
        ],
      }
    }
    default:
      return unreachable(event)
  }
}

function tick(model: ScreenModel, nowMs: number): ScreenStep {
  const problem = model.cameraProblem
  const looking: ScreenModel =
    problem !== null && nowMs - problem.sinceMs >= cameraRetryMs ? { ...model, cameraProblem: null } : model
  const { parts } = looking
  const retried = parts !== null && nowMs - parts.sinceMs >= partsMs ? { ...looking, parts: null } : looking
  const idle = idleVerdict(attendanceOf(model), nowMs - model.touchedMs)
  return idle.kind === 'leave' ? leave(retried, nowMs) : only({ ...retried, idle })
}

export function attendanceOf(model: ScreenModel): Attendance {
  if (model.link !== 'live') return 'running'
  // The controller itself ends technician mode.
  if (model.overlay.kind === 'technician' && isTechnicianIn(model)) return 'running'
  if (model.overlay.kind !== 'none') return 'personal'
  const phase = connectorOf(model)?.phase
  if (phase === undefined) return 'open'
  if (kioskStates[phase.kind].running) return 'running'
  if (phase.kind === 'finished' || (phase.kind === 'offering' && phase.refusal !== null)) return 'personal'
  return 'open'
}

/** Nobody is here any more: what was personal goes, and the language returns, except for the driver of a session. */
function leave(model: ScreenModel, nowMs: number): ScreenStep {
  const phase = connectorOf(model)?.phase.kind
  const running = phase !== undefined && kioskStates[phase].running
  const cleared: ScreenModel = {
    ...model,
    overlay: noOverlay,
    parts: null,
    idle: { kind: 'none' },
    touchedMs: nowMs,
    ...(running ? {} : { locale: model.settings.locale, light: model.settings.light, ease: noEase }),
  }
  return { model: cleared, effects: [...dismissal(model), ...technicianGone(model)] }
}

/** Tells the controller that a receipt or a refusal is no longer looked at. */
function dismissal(model: ScreenModel): readonly ScreenEffect[] {
  const connector = connectorOf(model)
  if (connector === null) return []
  const { phase } = connector
  const shown = phase.kind === 'finished' || (phase.kind === 'offering' && phase.refusal !== null)
  return shown ? [{ kind: 'send', message: { type: 'dismiss', connectorId: connector.connectorId } }] : []
}

/** A technician's touches keep the mode open; the controller needs to hear of one now and then. */
const stayEveryMs = 30_000

const isTechnicianIn = ({ state }: ScreenModel): boolean => state?.technician?.kind === 'open'

const technicianAct = (act: TechnicianAct): ScreenEffect => ({
  kind: 'send',
  message: { type: 'technician', act },
})

/** While a technician is in, what closes gives way to technician mode: nobody else finds it behind another screen. */
const resting = (model: ScreenModel, nowMs: number): Overlay =>
  isTechnicianIn(model) ? { kind: 'technician', stayedMs: nowMs } : noOverlay

function closed(model: ScreenModel, nowMs: number): ScreenStep {
  if (model.overlay.kind === 'technician') {
    return { model: { ...model, overlay: noOverlay }, effects: [technicianAct({ kind: 'leave' })] }
  }
  return only({ ...model, overlay: resting(model, nowMs) })
}

function touched(model: ScreenModel, nowMs: number): ScreenStep {
  const { overlay } = model
  if (overlay.kind !== 'technician' || !isTechnicianIn(model)) return only(model)
  if (nowMs - overlay.stayedMs < stayEveryMs) return only(model)
  return {
    model: { ...model, overlay: { ...overlay, stayedMs: nowMs } },
    effects: [technicianAct({ kind: 'stay' })],
  }
}

/** The pass opens the screen, and the end of the mode closes it. */
function withTechnician(next: ScreenModel, before: ScreenModel, nowMs: number): ScreenModel {
  const isIn = isTechnicianIn(next)
  if (isIn && !isTechnicianIn(before)) return { ...next, overlay: { kind: 'technician', stayedMs: nowMs } }
  return !isIn && isTechnicianIn(before) && next.overlay.kind === 'technician'
    ? { ...next, overlay: noOverlay }
    : next
}

const technicianGone = (model: ScreenModel): readonly ScreenEffect[] =>
  model.overlay.kind === 'technician' || isTechnicianIn(model) ? [technicianAct({ kind: 'leave' })] : []
