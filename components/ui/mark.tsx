/** The mark: a roof and a line of light under it. */

export function Mark({ className = 'size-8' }: { readonly className?: string }) {
  return (
    <svg
      viewBox="0 0 32 32"
      className={className}
      fill="none"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path
        d="M3.5 17.5 16 5.5l12.500 12M7.500 14v12.500h17V14"
        className="stroke-current"
        strokeWidth="2.5"
      />
      <path d="M16 14.500v7" className="stroke-amber" strokeWidth="4" />
    </svg>
  )
}
