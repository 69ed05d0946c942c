/** A wait that says what is awaited and how long it usually takes. */

export function SpinnerMark() {
  return (
    <svg
      viewBox="0 0 24 24"
      className="size-icon shrink-0 animate-[turn_1.1s_linear_infinite]"
      aria-hidden="true"
      fill="none"
      strokeWidth="2.5"
      strokeLinecap="round"
    >
      <circle cx="12" cy="12" r="9" className="stroke-current opacity-25" />
      <path d="M12 3a9 9 0 0 1 9 9" className="stroke-current" />
    </svg>
  )
}

export interface SpinnerProps {
  /** What is awaited: "Waiting for the card provider". */
  readonly awaited: string
  /** How long it usually takes: "Usually 3 seconds." */
  readonly usual?: string
}

export function Spinner({ awaited, usual }: SpinnerProps) {
  return (
    <div role="status" className="flex items-center gap-4 py-2">
      <SpinnerMark />
      <p>
        <span className="font-bold">{awaited}</span>
        {usual === undefined ? null : <span className="block text-note text-mute">{usual}</span>}
      </p>
    </div>
  )
}
