/** Day, night, or as the device. */

import Moon from 'lucide-react/icons/moon'
import Sun from 'lucide-react/icons/sun'
import SunMoon from 'lucide-react/icons/sun-moon'
import { Choice } from './choice'
import type { Theme } from './theme'

export interface ThemeSwitchProps {
  readonly legend: string
  readonly names: Readonly<Record<Theme, string>>
  readonly value: Theme
  onChange(theme: Theme): void
}

const icons = { auto: SunMoon, day: Sun, night: Moon } as const satisfies Record<Theme, unknown>

export function ThemeSwitch({ legend, names, value, onChange }: ThemeSwitchProps) {
  const options = (['auto', 'day', 'night'] as const).map((theme) => {
    const Icon = icons[theme]
    return {
      value: theme,
      label: (
        <span className="flex flex-col items-center gap-1 text-note sm:flex-row sm:gap-2 sm:text-body">
          <Icon className="size-icon" strokeWidth={1.75} aria-hidden="true" />
          {names[theme]}
        </span>
      ),
    }
  })
  return <Choice legend={legend} options={options} value={value} onChange={onChange} />
}
