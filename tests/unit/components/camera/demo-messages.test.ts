import { expect, test } from 'vitest'
import { embeddingPage, type DemoMessage } from '@/components/camera/demo-messages'

const page = 'http://localhost:3000'

/** A frame inside another window: just the parts of Window that the embedding needs. */
function frameInside(parentOrigin: string) {
  const sent: { message: unknown; origin: string }[] = []
  const parent = { postMessage: (message: unknown, origin: string) => sent.push({ message, origin }) }
  let receive: ((event: unknown) => void) | undefined
  const host = {
    parent,
    location: { ancestorOrigins: [parentOrigin] },
    document: { referrer: '' },
    addEventListener: (_type: string, listener: (event: unknown) => void) => {
      receive = listener
    },
    removeEventListener: () => {
      receive = undefined
    },
  }
  return { host: host as unknown as Window, parent, sent, deliver: (event: unknown) => receive?.(event) }
}

test('only a listed page counts as the demo page', () => {
  const { host } = frameInside('https://elsewhere.example')
  expect(embeddingPage([page], host)).toBeUndefined()
  expect(embeddingPage([], frameInside(page).host)).toBeUndefined()
  expect(embeddingPage([page], frameInside(page).host)?.origin).toBe(page)
})

test('an app that stands alone has no demo page', () => {
  const alone = {} as { parent?: unknown }
  alone.parent = alone
  expect(embeddingPage([page], alone as unknown as Window)).toBeUndefined()
})

test('messages are sent to the origin of the page, never to any', () => {
  const frame = frameInside(page)
  embeddingPage([page], frame.host)?.post({ type: 'outpost-demo/camera', open: true })
  expect(frame.sent).toEqual([{ message: { type: 'outpost-demo/camera', open: true }, origin: page }])
})

test('messages of another origin, another window or another shape are not heard', () => {
  const frame = frameInside(page)
  const heard: DemoMessage[] = []
  const stop = embeddingPage([page], frame.host)?.listen((message) => heard.push(message))
  const data = { type: 'outpost-demo/shown', bitmap: null }
  frame.deliver({ origin: 'https://elsewhere.example', source: frame.parent, data })
  frame.deliver({ origin: page, source: {}, data })
  frame.deliver({ origin: page, source: frame.parent, data: { type: 'other' } })
  frame.deliver({ origin: page, source: frame.parent, data: 'text' })
  expect(heard).toEqual([])
  frame.deliver({ origin: page, source: frame.parent, data })
  expect(heard).toEqual([data])
  stop?.()
  frame.deliver({ origin: page, source: frame.parent, data })
  expect(heard).toHaveLength(1)
})
