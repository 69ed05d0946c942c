/** First run, screen one of three: what the app does where there is no signal. */

export interface WelcomeProps {
  onAddFunds(): void
  onJoinFleet(): void
  /** For somebody who already has an account on another phone. */
  onSignIn(): void
}
