/** Languages by their own names. */

import { Choice } from './choice'

export interface LanguageSwitchProps<Language extends string> {
  readonly legend: string
  readonly legendHidden?: boolean
  readonly names: Readonly<Record<Language, string>>
  readonly value: Language
  onChange(language: Language): void
}

export function LanguageSwitch<Language extends string>({
  legend,
  legendHidden = false,
  names,
  value,
  onChange,
}: LanguageSwitchProps<Language>) {
  const languages = Object.keys(names) as Language[]
  return (
    <Choice
      legend={legend}
      legendHidden={legendHidden}
      options={languages.map((language) => ({ value: language, label: names[language], lang: language }))}
      value={value}
      onChange={onChange}
    />
  )
}
