/** Prometheus' text format 0.0.4. Labels come from closed lists or from the configuration, so that their number is bounded. */

export type MetricLabels = Readonly<Record<string, string>>

export const metricHead = (name: string, help: string, type: 'counter' | 'gauge'): readonly string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
]

export const metricLine = (name: string, value: number, labels: MetricLabels = {}): string =>
  `${name}${labelText(labels)} ${value}`

/** A metric of one line. */
export const gauge = (
  name: string,
  help: string,
  value: number,
  labels: MetricLabels = {},
): readonly string[] => [...metricHead(name, help, 'gauge'), metricLine(name, value, labels)]

export function labelText(labels: MetricLabels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

const escape = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
