/**
 * Which part of a frame is looked at, how hard, and how often. No single size serves all codes: a small picture is quick
 * and forgiving of blur, a full one has the pixels that a dense code needs. So views take turns.
 */

/** A part of the frame, and the size at which it is looked at. */
export interface View {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  readonly toWidth: number
  readonly toHeight: number
  /** How often it is softened before it is read: for pictures in little light. */
  readonly softenTimes: number
}

/** About twelve looks a second feels immediate and leaves a cheap phone time for everything else. */
const lookEveryMs = 83
/** Reading never takes more than about two thirds of the thread. */
const restShare = 0.5

/** The view for the n-th look at a frame of this size. */
export function viewFor(look: number, frameWidth: number, frameHeight: number): View {
  switch (look % 5) {
    case 0:
      return wholeFrame(frameWidth, frameHeight, 800, 0)
    case 1:
      return middle(frameWidth, frameHeight, 1)
    case 2:
      return wholeFrame(frameWidth, frameHeight, 1_920, 0)
    case 3:
      return middle(frameWidth, frameHeight, 4)
    default:
      return wholeFrame(frameWidth, frameHeight, 1_280, 2)
  }
}

function wholeFrame(width: number, height: number, longest: number, softenTimes: number): View {
  const scale = Math.min(1, longest / Math.max(width, height))
  const scaled = (side: number): number => Math.max(1, Math.round(side * scale))
  return { left: 0, top: 0, width, height, toWidth: scaled(width), toHeight: scaled(height), softenTimes }
}

/** The square where people hold a code, pixel by pixel. */
function middle(frameWidth: number, frameHeight: number, softenTimes: number): View {
  const side = Math.min(frameWidth, frameHeight, 1_080)
  const left = Math.floor((frameWidth - side) / 2)
  const top = Math.floor((frameHeight - side) / 2)
  return { left, top, width: side, height: side, toWidth: side, toHeight: side, softenTimes }
}

/** Milliseconds until the next look, after one that took this long. */
export const restAfterLook = (tookMs: number): number => Math.max(lookEveryMs - tookMs, tookMs * restShare)
