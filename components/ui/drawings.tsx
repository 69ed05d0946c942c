/** Our own line drawings: ink, and one amber line that is the energy or the message on its way. */

import type { ReactNode } from 'react'

interface DrawingProps {
  /** What it shows, when words beside it do not say so already. */
  readonly label?: string
  readonly className?: string
}

function Drawing({ label, className, children }: DrawingProps & { readonly children: ReactNode }) {
  return (
    <svg
      viewBox="0 0 320 180"
      className={className ?? 'h-auto w-full max-w-80'}
      fill="none"
      stroke="currentColor"
      strokeWidth="2.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    >
      {children}
    </svg>
  )
}

const amber = 'stroke-amber'

/** Three finder squares and a few modules: enough to be seen as a code, not enough to be scanned as one. */
function CodeGlyph({ x, y, size }: { readonly x: number; readonly y: number; readonly size: number }) {
  const corner = size * 0.34
  const far = size - corner
  return (
    <g strokeWidth="2.25" strokeLinejoin="miter">
      <rect x={x} y={y} width={corner} height={corner} />
      <rect x={x + far} y={y} width={corner} height={corner} />
      <rect x={x} y={y + far} width={corner} height={corner} />
      <path
        d={`M${x + far} ${y + far}v${corner * 0.5}M${x + size} ${y + far + corner * 0.4}v${corner * 0.6}h-${corner * 0.5}M${x + size / 2} ${y + 1}v${corner * 0.6}M${x + size / 2} ${y + size / 2}h${corner * 0.4}`}
      />
    </g>
  )
}

/** A charging post standing on the ground line at y = 160; its screen is empty. */
function Post({ x }: { readonly x: number }) {
  return (
    <g>
      <path d={`M${x - 10} 160h76M${x} 160V44a10 10 0 0 1 10-10h36a10 10 0 0 1 10 10v116`} />
      <rect x={x + 9} y="50" width="38" height="38" rx="4" />
      <circle cx={x + 28} cy="42" r="2" fill="currentColor" stroke="none" />
      <circle cx={x + 28} cy="112" r="9" />
      <path d={`M${x + 25} 110v3M${x + 31} 110v3`} />
    </g>
  )
}

function Phone({
  x,
  y,
  children,
}: {
  readonly x: number
  readonly y: number
  readonly children?: ReactNode
}) {
  return (
    <g transform={`rotate(6 ${x + 29} ${y + 52})`}>
      <rect x={x} y={y} width="58" height="104" rx="10" />
      <path d={`M${x + 24} ${y + 94}h10`} />
      {children}
    </g>
  )
}

/** The phone's code goes to the charger. */
export function PhoneShowsCode(props: DrawingProps) {
  return (
    <Drawing {...props}>
      <Post x={46} />
      <Phone x={208} y={42}>
        <CodeGlyph x={219} y={60} size={36} />
      </Phone>
      <path d="M196 86H122m12-11-12 11 12 11" className={amber} strokeWidth="4" />
    </Drawing>
  )
}

/** The charger's code goes to the phone. */
export function ChargerShowsCode(props: DrawingProps) {
  return (
    <Drawing {...props}>
      <Post x={46} />
      <CodeGlyph x={62} y={57} size={24} />
      <Phone x={208} y={42}>
        <path d="M220 74v-8h8M254 66h-8M246 66h0M220 96v8h8M246 104h8v-8M254 66v8" />
      </Phone>
      <path d="M122 86h74m-12-11 12 11-12 11" className={amber} strokeWidth="4" />
    </Drawing>
  )
}

/** A car, nose to the right, wheels on y = 160, charging flap at its tail. */
function Car({ x }: { readonly x: number }) {
  return (
    <g transform={`translate(${x} 0)`}>
      <path d="M26 148h-8a8 8 0 0 1-8-8v-16c0-6 3-10 9-12l8-3 16-24c4-5 9-8 15-8h34c6 0 11 3 15 7l20 24 20 5c8 2 13 7 13 15v12a8 8 0 0 1-8 8h-6M58 148h56" />
      <path d="M40 109h80M78 77v32" />
      <circle cx="42" cy="147" r="14" />
      <circle cx="131" cy="147" r="14" />
      <circle cx="42" cy="147" r="3" />
      <circle cx="131" cy="147" r="3" />
    </g>
  )
}

/** A car that is plugged in. */
export function CarPlugged(props: DrawingProps) {
  return (
    <Drawing {...props}>
      <path d="M10 161.500h300" strokeWidth="2" />
      <Post x={28} />
      <Car x={142} />
      <path d="M65 112c22 0 18 34 40 34 20 0 20-18 46-18" className={amber} strokeWidth="4" />
    </Drawing>
  )
}

/** Mountains and a mast that sends nothing; the car charges all the same. */
export function NoSignal(props: DrawingProps) {
  return (
    <Drawing {...props}>
      <path
        d="M2 122 46 74l22 20 42-52 30 34 32-26 36 38 26-22 32 34 16-14 32 36"
        strokeWidth="2"
        className="opacity-40"
      />
      <path
        d="M172 50V30M163 24a10 10 0 0 1 0-14M181 24a10 10 0 0 0 0-14M155 31a20 20 0 0 1 0-28M189 31a20 20 0 0 0 0-28"
        strokeWidth="2"
      />
      <circle cx="172" cy="17" r="2.5" fill="currentColor" stroke="none" />
      <path d="m150 37 44-36" className="stroke-paper" strokeWidth="8" />
      <path d="m150 37 44-36" />
      <path d="M10 161.5h300" strokeWidth="2" />
      <g transform="translate(10 48) scale(.7)">
        <Post x={28} />
      </g>
      <g transform="translate(62 33) scale(.8)">
        <Car x={116} />
      </g>
      <path d="M55.5 126c20 0 12 26 34 26 30 0 40-17 76-17" className={amber} strokeWidth="4" />
    </Drawing>
  )
}

/** A phone carries the charger's news to where there is a connection. */
export function Courier(props: DrawingProps) {
  return (
    <Drawing {...props}>
      <g transform="translate(4 48) scale(.7)">
        <Post x={18} />
      </g>
      <path d="M246 160v-66l26-22 26 22v66M262 160v-24h20v24M238 160h68" />
      <path d="M262 58a14 14 0 0 1 20 0M254 48a25 25 0 0 1 36 0" />
      <path d="M64 150c34-10 44-44 84-44s56 28 88 44" className={amber} strokeWidth="4" />
      <g transform="rotate(-4 148 78)">
        <rect x="122" y="56" width="52" height="36" rx="4" className="fill-paper" />
        <path d="m123 59 25 19 25-19" />
      </g>
    </Drawing>
  )
}

/**
 * The ridge above which the figure stands: a hut whose light is on when the wallet is ready. It says again, without
 * words, what the pill says.
 */
export function Ridge({ lit, className }: { readonly lit: boolean; readonly className?: string }) {
  return (
    <svg
      viewBox="0 0 480 72"
      preserveAspectRatio="xMaxYMax slice"
      className={className ?? 'h-18 w-full'}
      fill="none"
      stroke="currentColor"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path
        d="M-10 54 44 30l30 14 62-34 46 28 26-12 46 24 60 16M376 66l30-14 22 8 26-18 36 18"
        strokeWidth="1.5"
        className="opacity-40"
      />
      <path d="M-10 66h326M368 66h122" strokeWidth="1.5" className="opacity-40" />
      <path d="M318 66V45l24-19 24 19v21zM311 50.5 342 26l31 24.5M355 36V25h7v17" strokeWidth="2.25" />
      <path d="M342 47v10" strokeWidth="6" className={lit ? amber : 'opacity-25'} />
      {lit ? <path d="M318 66h48" strokeWidth="3" className={amber} /> : null}
    </svg>
  )
}
