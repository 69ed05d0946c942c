/** Line drawings of the kiosk: ink, and one amber line that is the energy. */

export function PlugInDrawing() {
  return (
    <svg
      viewBox="0 0 440 300"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="5"
      strokeLinecap="round"
      strokeLinejoin="round"
      className="h-auto w-full"
    >
      {/* The ground, the post with its screen, the car, and the cable between them. */}
      <path d="M8 262H432" />
      <path d="M340 262V70a20 20 0 0 1 20-20h36a20 20 0 0 1 20 20v192" />
      <rect x="358" y="74" width="40" height="52" rx="5" />
      <path d="M20 214v-26c0-15 9-25 24-28l38-7 42-42c8-8 18-12 29-12h56c14 0 26 6 34 17l28 38 15 6c12 5 19 14 19 27v27c0 8-6 14-14 14h-15M52 228H34c-8 0-14-6-14-14M222 228H122" />
      <path d="M96 154h172M176 100v54" />
      <circle cx="87" cy="228" r="33" />
      <circle cx="257" cy="228" r="33" />
      <circle cx="87" cy="228" r="9" />
      <circle cx="257" cy="228" r="9" />
      <path d="M304 186c22 0 18 46 40 46 20 0 34-22 34-66" stroke="var(--amber)" strokeWidth="8" />
      <circle cx="378" cy="160" r="7" stroke="var(--amber)" strokeWidth="6" />
    </svg>
  )
}
