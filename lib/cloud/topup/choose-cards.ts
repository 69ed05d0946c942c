/** Who takes the cards here: Stripe where it is configured, else the sandbox. */

import { createHmac } from 'node:crypto'
import type { CloudConfig } from '../config'
import type { CardProvider } from './card-provider'
import { sandboxCards } from './sandbox-cards'
import { stripeCards } from './stripe-cards'

/** `secret` is this installation's; every process of it signs the sandbox's events alike. */
export const chooseCards = (config: CloudConfig, secret: Uint8Array): CardProvider =>
  config.stripe === undefined
    ? sandboxCards(createHmac('sha256', secret).update('sandbox cards').digest('hex'))
    : stripeCards(config.stripe, config.currency)
