/** The table behind a picture: what the picture shows, for those who cannot see it or want the exact figures. */

export interface FigureTableProps {
  /** Opens and closes it. */
  readonly summary: string
  readonly caption: string
  readonly head: readonly string[]
  /** The first cell names the row. */
  readonly rows: readonly (readonly string[])[]
}

export function FigureTable({ summary, caption, head, rows }: FigureTableProps) {
  return (
    <details className="mt-1">
      <summary className="flex min-h-target cursor-pointer items-center text-note font-bold underline underline-offset-4">
        {summary}
      </summary>
      <div className="overflow-x-auto" tabIndex={0} role="group" aria-label={caption}>
        <table className="w-full border-y border-line text-note tabular">
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr className="border-b border-line">
              {head.map((name, at) => (
                <th
                  key={name}
                  scope="col"
                  className={`py-2 font-bold ${at === 0 ? 'text-left' : 'pl-3 text-right'}`}
                >
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {rows.map(([name = '', ...cells]) => (
              <tr key={name}>
                <th scope="row" className="py-2 text-left font-normal">
                  {name}
                </th>
                {cells.map((cell, at) => (
                  <td key={at} className="py-2 pl-3 text-right whitespace-nowrap">
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
