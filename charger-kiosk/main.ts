/** The controller's process as `npm start` and tests start it: what `outpost-kiosk run` does, told by the environment. */

import { runKiosk } from './run-kiosk'

runKiosk()
