/** The dashboard for technicians: a view in, a page out. No script, no secret, nothing that acts. */

import { createTranslator } from 'use-intl/core'
import { formatBytes } from '@/lib/format/bytes'
import { numberFormat } from '@/lib/format/intl-cache'
import { localeNames, locales, type Locale } from '@/lib/format/locale'
import germanWords from '@/lib/format/messages/de/gateway.json'
import englishWords from '@/lib/format/messages/en/gateway.json'
import { formatAge, formatTimestamp } from '@/lib/format/time'
import { html, nothing, type Html } from './html'
import type { GatewayView } from './view'

const words = { en: englishWords, de: germanWords }

export interface PageFrame {
  readonly locale: Locale
  readonly timeZone: string
}

export function dashboardPage(view: GatewayView, { locale, timeZone }: PageFrame): string {
  const page = new Page(view, locale)
  const { say } = page
  const asOf = say('asOf', { time: formatTimestamp(locale, view.nowS, timeZone) })
  const document = html`<!doctype html>
    <html lang="${locale}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${say('title')} · ${view.site}</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <header>
          <div>
            <h1>${say('title')}</h1>
            <p class="note">${say('site', { site: view.site })} · ${view.version} · ${asOf}</p>
          </div>
          <nav aria-label="${say('language')}">
            <a href="?lang=${locale}">${say('refresh')}</a>${locales.map((one) => languageLink(one, locale))}
          </nav>
        </header>
        <main>${page.uplink()} ${page.kept()} ${page.book()} ${page.chargers()}</main>
        <footer>
          <p class="note">${say('pin')}: <code>${view.pin}</code></p>
          <p class="note">${say('pinNote')} ${say('sealed')}</p>
        </footer>
      </body>
    </html> `
  return document.text
}

const languageLink = (one: Locale, current: Locale): Html =>
  html`<a href="?lang=${one}" lang="${one}" ${one === current ? html` aria-current="true"` : nothing}
    >${localeNames[one]}</a
  >`

class Page {
  readonly #view: GatewayView
  readonly #locale: Locale
  readonly say: ReturnType<typeof translator>

  constructor(view: GatewayView, locale: Locale) {
    this.#view = view
    this.#locale = locale
    this.say = translator(locale)
  }

  uplink(): Html {
    const { say } = this
    const { state, lastSuccessS, lastFault, failures, spentBytes, bytesPerDayMax } = this.#view.uplink
    const spent = this.#bytes(spentBytes)
    const budget =
      bytesPerDayMax === undefined ? spent : say('budgetOf', { spent, max: this.#bytes(bytesPerDayMax) })
    const fault =
      lastFault === undefined
        ? say('never')
        : say('fault', { age: this.#age(lastFault.atS), code: lastFault.code })
    return html`<section aria-labelledby="uplink">
      <h2 id="uplink">${say('uplink')}</h2>
      <p class="state ${state}">${icons[state]}${say(`state.${state}`)}</p>
      <p>${say(`explain.${state}`)}</p>
      <dl>
        ${this.#fact('lastSuccess', lastSuccessS === undefined ? say('never') : this.#age(lastSuccessS))}
        ${this.#fact('lastFault', fault, failures > 0 ? say('tries', { count: failures }) : undefined)}
        ${this.#fact('budget', budget)}
      </dl>
    </section>`
  }

  kept(): Html {
    const { say } = this
    const { piles, storeBytesMax, answersCount } = this.#view
    const bytes = piles.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    const rows = piles.map(
      ({ priority, count, sizeBytes, oldestKeptAtS }) =>
        html`<tr>
          <th scope="row">${say(priority)}</th>
          <td class="figure">${this.#number(count)}</td>
          <td class="figure">${this.#bytes(sizeBytes)}</td>
          <td class="figure">${oldestKeptAtS === undefined ? '–' : this.#age(oldestKeptAtS)}</td>
        </tr>`,
    )
    const isEmpty = piles.every(({ count }) => count === 0)
    const table = html`<div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">${say('priority')}</th>
            <th scope="col" class="figure">${say('count')}</th>
            <th scope="col" class="figure">${say('size')}</th>
            <th scope="col" class="figure">${say('oldest')}</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`
    return html`<section aria-labelledby="kept">
      <h2 id="kept">${say('kept')}</h2>
      ${isEmpty ? html`<p>${say('keptNone')}</p>` : table}
      <dl>
        ${this.#fact('store', say('budgetOf', { spent: this.#bytes(bytes), max: this.#bytes(storeBytesMax) }))}
        ${this.#fact('answers', this.#number(answersCount))}
      </dl>
    </section>`
  }

  book(): Html {
    const { say } = this
    const { grants, spends, frozen, chargers, isWhole } = this.#view.book
    const told = this.#view.chargers.filter(({ hasToldAll }) => hasToldAll).length
    const state = isWhole ? 'held' : chargers === undefined ? 'off' : 'waiting'
    return html`<section aria-labelledby="book">
      <h2 id="book">${say('book')}</h2>
      <p>${say(`reserve.${state}`, { told: this.#number(told), chargers: this.#number(chargers ?? 0) })}</p>
      <dl>
        ${this.#fact('grants', this.#number(grants))} ${this.#fact('spends', this.#number(spends))}
        ${this.#fact('frozen', this.#number(frozen.length), frozen.length > 0 ? say('frozenNote') : undefined)}
      </dl>
      ${frozen.length === 0 ? nothing : html`<p class="note">${frozenList(frozen)}</p>`}
    </section>`
  }

  chargers(): Html {
    const { say } = this
    const rows = this.#view.chargers.map(
      ({ charger, seenAtS, keptCount, toldSpends, hasToldAll }) =>
        html`<tr>
          <th scope="row">${charger}</th>
          <td class="figure">${this.#age(seenAtS)}</td>
          <td class="figure">${this.#number(keptCount)}</td>
          <td class="figure">
            ${this.#number(toldSpends)}<br /><span class="note"
              >${say(hasToldAll ? 'toldAll' : 'toldPart')}</span
            >
          </td>
        </tr>`,
    )
    const table = html`<div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">${say('charger')}</th>
            <th scope="col" class="figure">${say('seen')}</th>
            <th scope="col" class="figure">${say('waiting')}</th>
            <th scope="col" class="figure">${say('spendsTold')}</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`
    return html`<section aria-labelledby="chargers">
      <h2 id="chargers">${say('chargers')}</h2>
      ${rows.length === 0 ? html`<p>${say('chargersNone')}</p>` : table}
    </section>`
  }

  #fact(name: FactName, value: string, note?: string): Html {
    const more = note === undefined ? nothing : html`<br /><span class="note">${note}</span>`
    return html`<div>
      <dt>${this.say(name)}</dt>
      <dd>${value}${more}</dd>
    </div>`
  }

  #age(atS: number): string {
    return formatAge(this.#locale, atS, this.#view.nowS)
  }

  #bytes(size: number): string {
    return formatBytes(this.#locale, size)
  }

  #number(count: number): string {
    return numberFormat(this.#locale, {}).format(count)
  }
}

type FactName = 'lastSuccess' | 'lastFault' | 'budget' | 'store' | 'answers' | 'grants' | 'spends' | 'frozen'

/** Serials say nothing about anybody; whoever calls the operator names them. */
const frozenShownMax = 20
const frozenList = (serials: readonly string[]): readonly Html[] =>
  serials.slice(0, frozenShownMax).map((serial) => html`<code>${serial}</code> `)

const translator = (locale: Locale) => createTranslator({ locale, messages: words[locale] })

/** A tick, a broken line, a full gauge. */
const icons = {
  up: html`<svg viewBox="0 0 24 24" aria-hidden="true">
    <circle cx="12" cy="12" r="9" />
    <path d="m8.5 12.5 2.5 2.5 4.5-5" />
  </svg>`,
  down: html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M3 12h6M15 12h6M10.5 8.5l3 7" /></svg>`,
  spent: html`<svg viewBox="0 0 24 24" aria-hidden="true">
    <path d="M4 16a8 8 0 1 1 16 0" />
    <path d="m12 16 5-4" />
  </svg>`,
} as const
