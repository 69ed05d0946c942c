'use client'

/** Wires the page: the carrier, the language, and what the browser does with files. */

import { useEffect, useState, useSyncExternalStore } from 'react'
import { useLanguage } from '@/components/ui/language'
import { LanguageSwitch } from '@/components/ui/language-switch'
import { chooseLocale, localeNames } from '@/lib/format/locale'
import { postParcels } from '@/lib/roads/carrier'
import { saveFile } from '../(driver)/_wallet/save-file'
import { StickCarrier } from './stick-carrier'
import { SticksScreen } from './sticks-screen'
import { SticksWords } from './sticks-words'

export function SticksPage() {
  const [locale, setLocale] = useLanguage(chooseLocale)
  const [carrier] = useState(() => new StickCarrier(portsHere))
  const view = useSyncExternalStore(carrier.subscribe, carrier.read, carrier.readAtBuild)
  const isUnsaved = view.files.some(({ answers, isSaved }) => answers > 0 && !isSaved)
  useEffect(() => {
    if (!isUnsaved) return undefined
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [isUnsaved])
  const save = (name: string): void => {
    const answers = carrier.answersOf(name)
    if (answers !== undefined) saveFile(answers.name, answers.bytes, 'application/octet-stream')
  }
  return (
    <SticksWords locale={locale}>
      <SticksScreen
        view={view}
        onChoose={(files) => void carrier.choose(files)}
        onAgain={() => void carrier.again()}
        onSave={save}
        languages={(legend) => (
          <LanguageSwitch
            legend={legend}
            legendHidden
            names={localeNames}
            value={locale}
            onChange={setLocale}
          />
        )}
      />
    </SticksWords>
  )
}

const portsHere = () => ({
  post: postParcels(location.origin),
  wait: (seconds: number) => new Promise<void>((resume) => setTimeout(resume, seconds * 1_000)),
})
