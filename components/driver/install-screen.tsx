/** First run, screen three: keep the app on the home screen, so that it opens without signal. */

export interface InstallView {
  /** `prompt`: the browser can ask. `ios`: show Share → Add to Home Screen. `menu`: the browser's own menu has it. */
  readonly way: 'prompt' | 'ios' | 'menu'
}

export interface InstallProps {
  view: InstallView
  onInstall(): void
  onLater(): void
}
