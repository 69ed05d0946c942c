/** Whether the app may sound and vibrate here. Both until somebody says no. */

import { useSyncExternalStore } from 'react'
import { preference, type Preference } from '@/components/ui/preference'

const onOrOff = (key: string): Preference<boolean> =>
  preference<boolean>(
    key,
    (stored) => stored !== 'off',
    (isOn) => (isOn ? null : 'off'),
    () => undefined,
  )

const sounds = onOrOff('outpost.sounds')
const haptics = onOrOff('outpost.haptics')

export const areSoundsOn = (): boolean => sounds.read()
export const areHapticsOn = (): boolean => haptics.read()

const useChoice = (choice: Preference<boolean>): readonly [boolean, (isOn: boolean) => void] => [
  useSyncExternalStore(choice.subscribe, choice.read, () => true),
  choice.write,
]

export const useSounds = () => useChoice(sounds)
export const useHaptics = () => useChoice(haptics)
