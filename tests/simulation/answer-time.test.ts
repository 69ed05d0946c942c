/** The bench measures real answers: each authorization starts a session, and each is timed once. */

import { expect, test } from 'vitest'
import { measureAnswers } from '../bench/answer-time'

test('Every authorization is answered, and the journal’s write is part of the time that it takes', async () => {
  const figures = await measureAnswers(3, () => undefined)
  expect(figures.authorizations).toBe(3)
  expect(figures.answerMsP50).toBeGreaterThan(0)
  expect(figures.answerMsP99).toBeGreaterThanOrEqual(figures.answerMsP50)
  expect(figures.fsyncShare).toBeGreaterThan(0)
  expect(figures.fsyncShare).toBeLessThan(1)
})
